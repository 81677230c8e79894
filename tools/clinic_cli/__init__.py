"""What stands behind ``./clinic``: one module per command, small steps they share.

Only the standard library is used here, because these modules make the virtual
environment in which everything else runs.
"""

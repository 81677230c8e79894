"""What of rooms, devices, specialists and the patient is taken already."""

# Holds that ran out, the visit that is moved and the session that is joined take
# nothing.
STANDS = """
              AND (expires_at IS NULL OR expires_at > p_clock)
              AND (appointment_id IS NULL OR appointment_id <> ALL(p_ignored_ids))
              AND session_id <> ALL(p_session_ids)
"""

# Where the resources that other modules need beside the specialist are joined in.
MORE_NEEDS = "/* more needs of an offer */"

TAKEN = f"""
more_need AS MATERIALIZED (
    SELECT NULL::bigint AS offer_id, NULL::int AS resource_id WHERE FALSE
    {MORE_NEEDS}
),
needed AS MATERIALIZED (
    SELECT resource_id, p_wanted <> '{{}}' AS point FROM house
     UNION
    SELECT resource_id, p_wanted <> '{{}}' FROM clinic_device
     WHERE branch_id = ANY(p_branch_ids)
       AND EXISTS (SELECT FROM offer WHERE device_required)
     UNION
    SELECT resource_id, FALSE FROM offer WHERE NOT p_overbook
     UNION
    SELECT resource_id, FALSE FROM more_need
),
busy AS MATERIALIZED (
    SELECT needed.resource_id, claim.taken, claim.load
      FROM needed
     CROSS JOIN LATERAL (
           SELECT range_agg(tsrange(start, stop)) AS taken, count(*) AS load
             FROM clinic_occupancy
            WHERE active
              AND resource_id = needed.resource_id
              AND stop > p_start - interval '1 day'
              AND start < p_stop + interval '1 day'
              {STANDS}
           ) claim
     WHERE NOT needed.point
     UNION ALL
    SELECT needed.resource_id, claim.taken, claim.load
      FROM needed
     CROSS JOIN LATERAL (
           SELECT range_agg(tsrange(start, stop)) AS taken, count(*) AS load
             FROM clinic_occupancy
            WHERE active
              AND NOT overbooked
              AND resource_id = needed.resource_id
              AND tsrange(start, stop, '[)') && (SELECT visits FROM around)
              {STANDS}
           ) claim
     WHERE needed.point
),
"""

"""Which starts are picked out of the runs: one tail for each order."""

# Minutes past midnight by the branch's clock at which a run begins.
MINUTE_OF_DAY = """
    SELECT (EXTRACT(HOUR FROM wall) * 60 + EXTRACT(MINUTE FROM wall))::int
      FROM (SELECT first AT TIME ZONE 'UTC' AT TIME ZONE run.tz AS wall) clock
"""

# A start from the first of its run to the last, on the step of the local clock; both
# ends of the run are offered too, since they leave no sliver.
ON_STEP = """
    SELECT first AS start
     UNION
    SELECT last
     UNION
    SELECT generate_series(
               first + make_interval(mins => (p_step - mod(minute.of_day, p_step))),
               LEAST(last, first + make_interval(mins => p_step * (p_reach + 1))),
               make_interval(mins => p_step))
"""

PICK_EARLIEST = f"""
picked AS (
    SELECT run.*, candidate.start,
           row_number() OVER (ORDER BY candidate.start, known DESC, load,
                              specialist_id, stretch_id) AS rank
      FROM (SELECT * FROM run
             ORDER BY first, known DESC, load, specialist_id, stretch_id
             LIMIT p_limit) run
     CROSS JOIN LATERAL ({MINUTE_OF_DAY}) minute(of_day)
     CROSS JOIN LATERAL ({ON_STEP}) candidate
     ORDER BY rank
     LIMIT p_limit
)
"""

# What a start leaves over on both sides of its gap, as the compact order weighs it:
# time in slivers too short for any service, and how many ends of the gap it touches.
WEIGHED = """
    SELECT run.*, candidate.start, free_to - free_from AS gap_length,
           CASE WHEN "left" < shortest.minutes THEN "left" ELSE '0' END
           + CASE WHEN "right" < shortest.minutes THEN "right" ELSE '0' END AS sliver,
           ("left" = '0')::int + ("right" = '0')::int AS touching
      FROM run
      JOIN shortest USING (specialist_id)
"""
REST = """
     CROSS JOIN LATERAL (
           SELECT candidate.start - run.before - free_from,
                  free_to - candidate.start - run.minutes - run.after
           ) rest("left", "right")
"""

# A start inside its run touches no end of the gap, so none can come before a start at
# an end that touches one and leaves no sliver. Where there are enough of those, the
# inner starts, ten times as many, are never made.
PICK_COMPACT = f"""
shortest AS MATERIALIZED (
    SELECT line.specialist_id,
           make_interval(mins => min(LEAST(
               NULLIF(line.duration_first, 0), NULLIF(line.duration_repeat, 0),
               template.duration))) AS minutes
      FROM clinic_specialist_service line
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE line.active
       AND line.specialist_id IN (SELECT specialist_id FROM offer)
     GROUP BY line.specialist_id
),
outer_start AS MATERIALIZED (
    {WEIGHED}
     CROSS JOIN LATERAL unnest(
           CASE WHEN first = last THEN ARRAY[first] ELSE ARRAY[first, last] END
           ) candidate(start)
    {REST}
),
inner_start AS (
    {WEIGHED}
     CROSS JOIN LATERAL ({MINUTE_OF_DAY}) minute(of_day)
     CROSS JOIN LATERAL generate_series(
           first + make_interval(mins => (p_step - mod(minute.of_day, p_step))),
           LEAST(last - interval '1 min',
                 first + make_interval(mins => p_step * (p_reach + 1))),
           make_interval(mins => p_step)) candidate(start)
    {REST}
     WHERE (SELECT count(*) FROM outer_start WHERE sliver = '0' AND touching > 0)
           < COALESCE(p_limit, 2147483647)
),
picked AS (
    SELECT best.*,
           row_number() OVER (ORDER BY sliver, touching DESC, gap_length, start,
                              specialist_id, stretch_id) AS rank
      FROM (SELECT *
              FROM (SELECT * FROM outer_start
                     UNION ALL
                    SELECT * FROM inner_start) candidate
             ORDER BY sliver, touching DESC, gap_length, start, specialist_id,
                      stretch_id
             LIMIT p_limit) best
)
"""

# All starts of all runs.
ALL_STARTS = f"""
every_start AS (
    SELECT run.*, candidate.start
      FROM run
     CROSS JOIN LATERAL ({MINUTE_OF_DAY}) minute(of_day)
     CROSS JOIN LATERAL ({ON_STEP}) candidate
)
"""

PICK_PREFERRED = f"""
{ALL_STARTS},
picked AS (
    SELECT every_start.*,
           row_number() OVER (
               ORDER BY specialist_id IS DISTINCT FROM p_prefer_specialist_id,
                        EXTRACT(ISODOW FROM wall.clock) - 1 <> p_prefer_weekday,
                        abs(EXTRACT(HOUR FROM wall.clock) * 60
                            + EXTRACT(MINUTE FROM wall.clock) - p_prefer_minute),
                        start, specialist_id, stretch_id) AS rank
      FROM every_start
     CROSS JOIN LATERAL (
           SELECT start AT TIME ZONE 'UTC' AT TIME ZONE tz
           ) wall(clock)
     ORDER BY rank
     LIMIT p_limit
)
"""

PICK_WANTED = """
picked AS (
    SELECT run.*, wanted.start,
           row_number() OVER (ORDER BY wanted.start, known DESC, load,
                              specialist_id, stretch_id) AS rank
      FROM run
      JOIN unnest(p_wanted) wanted(start)
        ON wanted.start BETWEEN run.first AND run.last
)
"""

# The earliest start of every service, specialist and branch.
PICK_NEAREST = """
picked AS (
    SELECT nearest.*, row_number() OVER (
               ORDER BY start, known DESC, load, specialist_id, stretch_id) AS rank
      FROM (SELECT DISTINCT ON (service_id, specialist_id, branch_id)
                   run.*, first AS start
              FROM run
             ORDER BY service_id, specialist_id, branch_id, first, stretch_id) nearest
)
"""

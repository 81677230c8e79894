"""The one SQL statement behind search and booking.

How it works
------------
A visit that starts at ``t`` needs its specialist, a room, perhaps a device, for
``[t - before, t + minutes + after)`` and its patient for ``[t, t + minutes)``. Each of
these is turned into the set of starts at which it fits (*fit first*), and only then
are the sets joined: ``specialist AND (some room) AND (some device) AND patient AND
wish``. Because all of them speak about the same ``t``, rooms can be united once per
group of interchangeable rooms instead of once per specialist and room, so the cost
grows with specialists *plus* rooms.

Moments are whole minutes, which makes the closed set of starts ``[a, b]`` the range
``[a, b + 1 min)``. All moments are naive UTC.

Steps (common table expressions)
--------------------------------
offer    who may give which service to this patient, how long, on which days
part     working time of an offer in one room (or any room) of a branch
house    rooms that may serve a part
busy     taken time per resource; of places, only what touches wanted starts. That is
         read through the index of the exclusion constraint (no place is overbooked)
room     free time per room; ``device`` likewise
stretch  a part with the rooms that serve it
place    starts at which a room, the device, the patient and the wish allow it
run      unbroken stretches of possible starts: the answer before rounding to a step

A group service is offered only to group searches (``p_group``): for a new session, or
for a place in sessions that stand already, whose own time then counts as free.

The tails pick starts out of the runs: the earliest, the best packed, the preferred,
the nearest of each specialist in each branch (the desk's list of services), exactly the
wanted ones (booking), or the runs themselves (series, several services).

Each tail is a function in the database, since planning the statement takes ten times
as long as running it for one specialist: PL/pgSQL keeps the plan for the session. The
function also switches the just-in-time compiler off, which would cost more than it
saves. Parameters are called ``p_…``; columns win over them.
"""

PARAMETERS = {
    "service_ids": "int[]",
    "specialist_ids": "int[]",
    "room_ids": "int[]",
    "department_ids": "int[]",
    "branch_ids": "int[]",
    "patient_id": "int",
    "age": "int",
    "sex": "varchar",
    "start": "timestamp",
    "stop": "timestamp",
    "first_before": "timestamp",
    "now": "timestamp",
    "clock": "timestamp",
    "duration": "int",
    "repeat": "boolean",
    "remote": "boolean",
    "payment_source_id": "int",
    "ignored_ids": "int[]",
    "session_ids": "int[]",
    "group": "boolean",
    "any_room": "boolean",
    "overbook": "boolean",
    "wanted": "timestamp[]",
    "wish_tz": "text[]",
    "wish": "tsrange[]",
    "step": "int",
    "limit": "int",
    "reach": "int",
    "place_limit": "int",
    "prefer_specialist_id": "int",
    "prefer_weekday": "int",
    "prefer_minute": "int",
}

OFFERED = """
WITH profile AS MATERIALIZED (
    SELECT specialist_id, service_id, NULLIF(duration, 0) AS duration, room_id,
           datemultirange(daterange(date_from, date_to, '[]')) AS days
      FROM clinic_visit_profile
     WHERE active
       AND patient_id = p_patient_id
       AND service_id = ANY(p_service_ids)
),
offer AS MATERIALIZED (
    SELECT row_number() OVER () AS id,
           line.product_id AS service_id,
           line.specialist_id,
           specialist.resource_id,
           template.device_required IS TRUE AS device_required,
           history.known,
           variant.room_id AS profile_room_id,
           variant.days * datemultirange(daterange(line.date_from, line.date_to, '[]'))
               AS days,
           make_interval(mins => COALESCE(
               p_duration,
               variant.duration,
               NULLIF(CASE WHEN history.known OR p_repeat
                           THEN line.duration_repeat
                           ELSE line.duration_first END, 0),
               NULLIF(template.duration, 0),
               30)) AS minutes,
           make_interval(mins => COALESCE(
               NULLIF(line.buffer_before, 0), template.buffer_before, 0)) AS before,
           make_interval(mins => COALESCE(
               NULLIF(line.buffer_after, 0), template.buffer_after, 0)) AS after,
           ARRAY(SELECT room_id
                   FROM clinic_room_specialist_rel
                  WHERE specialist_id = specialist.id) AS room_ids
      FROM clinic_specialist_service line
      JOIN clinic_specialist specialist ON specialist.id = line.specialist_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     CROSS JOIN LATERAL (
           SELECT EXISTS (
                  SELECT FROM clinic_appointment visit
                   WHERE visit.patient_id = p_patient_id
                     AND visit.specialist_id = line.specialist_id
                     AND visit.state IN ('booked', 'confirmed', 'arrived',
                                         'in_progress', 'done')
                     AND visit.id <> ALL(p_ignored_ids)) AS known
           ) history
     CROSS JOIN LATERAL (
           SELECT duration, room_id, days
             FROM profile
            WHERE profile.specialist_id = line.specialist_id
              AND profile.service_id = line.product_id
            UNION ALL
           SELECT NULL, NULL, '{(,)}'::datemultirange - COALESCE(range_agg(days), '{}')
             FROM profile
            WHERE profile.specialist_id = line.specialist_id
              AND profile.service_id = line.product_id
           ) variant
     WHERE line.active
       AND specialist.active
       AND product.active
       AND line.product_id = ANY(p_service_ids)
       AND (p_specialist_ids IS NULL
            OR line.specialist_id = ANY(p_specialist_ids))
       AND (p_age IS NULL
            OR p_age BETWEEN COALESCE(specialist.min_age, 0)
                         AND COALESCE(specialist.max_age, 999))
       AND (p_sex IS NULL OR specialist.accepted_sex IN ('any', p_sex))
       AND (NOT p_remote OR template.telemedicine_ok IS TRUE)
       AND (template.is_group IS TRUE) = p_group
       AND NOT EXISTS (
           SELECT FROM clinic_patient_refusal refusal
            WHERE refusal.active
              AND refusal.patient_id = p_patient_id
              AND refusal.specialist_id = line.specialist_id)
),
full_day AS MATERIALIZED (
    SELECT day_limit.specialist_id, day_limit.service_id, claim.day
      FROM clinic_day_limit day_limit
      JOIN LATERAL (
           SELECT split_part(key, ':', 3)::date AS day
             FROM clinic_limit_claim
            WHERE key LIKE 'day:' || day_limit.id || ':%'
              AND (appointment_id IS NULL OR appointment_id <> ALL(p_ignored_ids))
            GROUP BY 1
           HAVING count(*) >= day_limit.maximum
           ) claim ON TRUE
     WHERE day_limit.active
       AND (p_specialist_ids IS NULL
            OR day_limit.specialist_id = ANY(p_specialist_ids))
),
limited AS MATERIALIZED (
    SELECT specialist_id FROM clinic_specialist_limit WHERE active
),
part AS MATERIALIZED (
    SELECT offer.id AS offer_id,
           shift.branch_id,
           branch.tz,
           planned.room_id,
           range_agg(tsrange(shift.start, shift.stop))
               * tsmultirange(tsrange(p_now, NULL)) AS hours
      FROM offer
      JOIN clinic_shift shift ON shift.specialist_id = offer.specialist_id
      JOIN clinic_branch branch ON branch.id = shift.branch_id
     CROSS JOIN LATERAL (
           SELECT (shift.start AT TIME ZONE 'UTC' AT TIME ZONE branch.tz)::date
           ) local(day)
     CROSS JOIN LATERAL (
           SELECT COALESCE(offer.profile_room_id,
                           CASE WHEN NOT p_any_room THEN shift.room_id END)
           ) planned(room_id)
     WHERE shift.active
       AND shift.start < p_stop
       AND shift.stop > p_start
       AND shift.branch_id = ANY(p_branch_ids)
       AND (p_remote OR shift.telemedicine IS NOT TRUE)
       AND offer.days @> local.day
       AND (offer.specialist_id NOT IN (SELECT specialist_id FROM limited)
            OR NOT clinic_specialist_refuses(
                   offer.specialist_id, local.day, p_age, p_sex,
                   offer.known OR p_repeat, p_remote,
                   offer.service_id))
       AND (NOT EXISTS (SELECT FROM clinic_shift_service_rel kept
                         WHERE kept.shift_id = shift.id)
            OR EXISTS (SELECT FROM clinic_shift_service_rel kept
                        WHERE kept.shift_id = shift.id
                          AND kept.product_id = offer.service_id))
       AND (NOT EXISTS (SELECT FROM clinic_shift_payment_source_rel kept
                         WHERE kept.shift_id = shift.id)
            OR EXISTS (SELECT FROM clinic_shift_payment_source_rel kept
                        WHERE kept.shift_id = shift.id
                          AND kept.source_id = p_payment_source_id))
       AND (p_session_ids <> '{}' OR NOT EXISTS (
           SELECT FROM full_day
            WHERE full_day.specialist_id = offer.specialist_id
              AND (full_day.service_id IS NULL
                   OR full_day.service_id = offer.service_id)
              AND full_day.day = local.day))
     GROUP BY offer.id, shift.branch_id, branch.tz, planned.room_id
),
house AS MATERIALIZED (
    SELECT room.id, room.branch_id, room.resource_id
      FROM clinic_room room
     WHERE NOT p_remote
       AND room.active
       AND room.readiness <> 'closed'
       AND room.branch_id = ANY(p_branch_ids)
       AND (p_room_ids IS NULL OR room.id = ANY(p_room_ids))
       AND (p_department_ids IS NULL
            OR room.department_id = ANY(p_department_ids))
       AND EXISTS (
           SELECT FROM part JOIN offer ON offer.id = part.offer_id
            WHERE part.branch_id = room.branch_id
              AND (part.room_id = room.id
                   OR part.room_id IS NULL
                      AND (offer.room_ids = '{}' OR room.id = ANY(offer.room_ids))))
),
around AS MATERIALIZED (
    SELECT range_agg(tsrange(start - before, start + minutes + after)) AS visits
      FROM offer CROSS JOIN unnest(p_wanted) start
),
"""

# Holds that ran out, the visit that is moved and the session that is joined take
# nothing.
STANDS = """
              AND (expires_at IS NULL OR expires_at > p_clock)
              AND (appointment_id IS NULL OR appointment_id <> ALL(p_ignored_ids))
              AND session_id <> ALL(p_session_ids)
"""

TAKEN = f"""
needed AS MATERIALIZED (
    SELECT resource_id, p_wanted <> '{{}}' AS point FROM house
     UNION
    SELECT resource_id, p_wanted <> '{{}}' FROM clinic_device
     WHERE branch_id = ANY(p_branch_ids)
       AND EXISTS (SELECT FROM offer WHERE device_required)
     UNION
    SELECT resource_id, FALSE FROM offer WHERE NOT p_overbook
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

FITTING = """
patient_busy AS MATERIALIZED (
    SELECT start, stop
      FROM clinic_occupancy
     WHERE active
       AND patient_id = p_patient_id
       AND stop > p_start - interval '1 day'
       AND start < p_stop + interval '1 day'
       AND (expires_at IS NULL OR expires_at > p_clock)
       AND (appointment_id IS NULL OR appointment_id <> ALL(p_ignored_ids))
),
room AS MATERIALIZED (
    SELECT room.id, room.branch_id, room.resource_id,
           ARRAY(SELECT product_product_id
                   FROM clinic_room_product_product_rel
                  WHERE clinic_room_id = room.id) AS service_ids,
           tsmultirange(tsrange(p_start - interval '1 day',
                                p_stop + interval '1 day'))
               - COALESCE(closure.closed, '{}')
               - COALESCE(busy.taken, '{}') AS free
      FROM house room
      LEFT JOIN busy USING (resource_id)
      LEFT JOIN (SELECT room_id, range_agg(tsrange(start, stop)) AS closed
                   FROM clinic_room_closure
                  WHERE active AND stop > p_start - interval '1 day'
                  GROUP BY room_id) closure ON closure.room_id = room.id
),
device AS MATERIALIZED (
    SELECT device.id, device.branch_id, device.room_id, device.resource_id,
           ARRAY(SELECT product_product_id
                   FROM clinic_device_product_product_rel
                  WHERE clinic_device_id = device.id) AS service_ids,
           tsmultirange(tsrange(p_start - interval '1 day',
                                p_stop + interval '1 day'))
               - COALESCE(busy.taken, '{}') AS free
      FROM clinic_device device
      LEFT JOIN busy USING (resource_id)
     WHERE device.active
       AND device.branch_id = ANY(p_branch_ids)
       AND EXISTS (SELECT FROM offer WHERE device_required)
),
stretch AS MATERIALIZED (
    SELECT row_number() OVER () AS id,
           offer.service_id, offer.specialist_id, offer.known, offer.device_required,
           offer.before, offer.minutes, offer.after,
           part.branch_id, part.tz, part.hours,
           COALESCE(busy.taken, '{}') AS taken,
           COALESCE(busy.load, 0) AS load,
           CASE WHEN offer.device_required AND NOT p_remote
                THEN offer.service_id END AS device_service_id,
           choice.room_ids
      FROM part
      JOIN offer ON offer.id = part.offer_id
      LEFT JOIN busy ON busy.resource_id = offer.resource_id
     CROSS JOIN LATERAL (
           SELECT CASE WHEN p_remote THEN '{}' ELSE array_agg(room.id) END AS room_ids
             FROM room
            WHERE room.branch_id = part.branch_id
              AND (room.id = part.room_id
                   OR part.room_id IS NULL
                      AND (offer.room_ids = '{}' OR room.id = ANY(offer.room_ids)))
              AND (room.service_ids = '{}' OR offer.service_id = ANY(room.service_ids))
           ) choice
),
kind AS MATERIALIZED (
    SELECT DISTINCT room_ids, branch_id, tz, before, minutes, after, device_service_id
      FROM stretch
     WHERE room_ids IS NOT NULL
),
place AS MATERIALIZED (
    SELECT kind.*,
           seat.starts * wish.starts - patient.starts AS starts
      FROM kind
     CROSS JOIN LATERAL (
           SELECT COALESCE(range_agg(tsrange(
                      lower(gap) + kind.before,
                      upper(gap) - kind.after - kind.minutes + interval '1 min')), '{}')
             FROM room CROSS JOIN LATERAL unnest(room.free) gap
            WHERE room.id = ANY(kind.room_ids)
              AND upper(gap) - lower(gap) >= kind.before + kind.minutes + kind.after
           ) roomy(starts)
     CROSS JOIN LATERAL (
           SELECT COALESCE(range_agg(tsrange(
                      lower(gap) + kind.before,
                      upper(gap) - kind.after - kind.minutes + interval '1 min')), '{}')
             FROM device CROSS JOIN LATERAL unnest(device.free) gap
            WHERE device.room_id IS NULL
              AND device.branch_id = kind.branch_id
              AND kind.device_service_id = ANY(device.service_ids)
              AND upper(gap) - lower(gap) >= kind.before + kind.minutes + kind.after
           ) mobile(starts)
     CROSS JOIN LATERAL (
           SELECT COALESCE(range_agg(tsrange(
                      lower(gap) + kind.before,
                      upper(gap) - kind.after - kind.minutes + interval '1 min')), '{}')
             FROM device
             JOIN room ON room.id = device.room_id
            CROSS JOIN LATERAL unnest(device.free * room.free) gap
            WHERE room.id = ANY(kind.room_ids)
              AND kind.device_service_id = ANY(device.service_ids)
              AND upper(gap) - lower(gap) >= kind.before + kind.minutes + kind.after
           ) fixed(starts)
     CROSS JOIN LATERAL (
           SELECT CASE WHEN p_remote THEN '{(,)}'::tsmultirange
                       WHEN kind.device_service_id IS NULL THEN roomy.starts
                       ELSE roomy.starts * mobile.starts + fixed.starts END
           ) seat(starts)
     CROSS JOIN LATERAL (
           SELECT COALESCE(range_agg(tsrange(
                      lower(span),
                      LEAST(upper(span) - kind.minutes + interval '1 min',
                            p_first_before))), '{}')
             FROM unnest(p_wish_tz, p_wish) window_of(tz, span)
            WHERE window_of.tz = kind.tz
              AND upper(span) - lower(span) >= kind.minutes
              AND lower(span) < p_first_before
           ) wish(starts)
     CROSS JOIN LATERAL (
           SELECT COALESCE(range_agg(tsrange(
                      start - kind.minutes + interval '1 min', stop)), '{}')
             FROM patient_busy
           ) patient(starts)
),
run AS MATERIALIZED (
    SELECT stretch.id AS stretch_id,
           stretch.service_id, stretch.specialist_id, stretch.known, stretch.load,
           stretch.device_required, stretch.before, stretch.minutes, stretch.after,
           stretch.branch_id, stretch.tz,
           lower(free) AS free_from,
           upper(free) AS free_to,
           lower(together.starts) AS first,
           upper(together.starts) - interval '1 min' AS last
      FROM stretch
      JOIN place ON place.room_ids = stretch.room_ids
                AND place.branch_id = stretch.branch_id
                AND place.before = stretch.before
                AND place.minutes = stretch.minutes
                AND place.after = stretch.after
                AND place.device_service_id IS NOT DISTINCT FROM
                    stretch.device_service_id
     CROSS JOIN LATERAL unnest(stretch.hours - stretch.taken) free
     CROSS JOIN LATERAL unnest(
           place.starts * tsmultirange(tsrange(
               lower(free) + stretch.before,
               GREATEST(lower(free) + stretch.before,
                        upper(free) - stretch.after - stretch.minutes
                        + interval '1 min')))
           ) together(starts)
     WHERE upper(free) - lower(free) >= stretch.before + stretch.minutes + stretch.after
)
"""

PREFIX = OFFERED + TAKEN + FITTING

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

# Where each picked start can take place: [room, its resource, device, its resource].
WITH_PLACES = """
SELECT picked.service_id, picked.specialist_id, picked.branch_id, picked.tz,
       picked.start, picked.start + picked.minutes AS stop, picked.known,
       (EXTRACT(EPOCH FROM picked.before) / 60)::int AS buffer_before,
       (EXTRACT(EPOCH FROM picked.after) / 60)::int AS buffer_after,
       picked.free_from, picked.free_to, places.places,
       (SELECT COALESCE(jsonb_agg(jsonb_build_array(id, maximum)), '[]')
          FROM clinic_day_limit day_limit
         WHERE active
           AND day_limit.specialist_id = picked.specialist_id
           AND (service_id IS NULL OR service_id = picked.service_id)) AS limits
  FROM picked
  JOIN stretch ON stretch.id = picked.stretch_id
 CROSS JOIN LATERAL (
       SELECT COALESCE(jsonb_agg(place.ids), '[]') AS places
         FROM (
           SELECT jsonb_build_array(
                      room.id, room.resource_id, device.id, device.resource_id) AS ids
             FROM room
             LEFT JOIN device
               ON picked.device_required
              AND device.branch_id = room.branch_id
              AND (device.room_id IS NULL OR device.room_id = room.id)
              AND picked.service_id = ANY(device.service_ids)
              AND device.free @> tsrange(picked.start - picked.before,
                                         picked.start + picked.minutes + picked.after)
            WHERE room.id = ANY(stretch.room_ids)
              AND (device.id IS NOT NULL OR NOT picked.device_required)
              AND room.free @> tsrange(picked.start - picked.before,
                                       picked.start + picked.minutes + picked.after)
            ORDER BY device.room_id IS NULL, room.id, device.id
            LIMIT p_place_limit
         ) place
       ) places
 ORDER BY picked.rank
"""
RUNS = """
SELECT service_id, specialist_id, branch_id, tz, known, load, first, last,
       (EXTRACT(EPOCH FROM minutes) / 60)::int AS minutes,
       (EXTRACT(EPOCH FROM before) / 60)::int AS buffer_before,
       (EXTRACT(EPOCH FROM after) / 60)::int AS buffer_after,
       free_from, free_to
  FROM run
 ORDER BY first, known DESC, load, specialist_id, stretch_id
"""

# Who may give what to the patient, whether there is time or not.
OFFERS = """
SELECT service_id, specialist_id,
       (EXTRACT(EPOCH FROM max(minutes)) / 60)::int AS minutes
  FROM offer
 GROUP BY service_id, specialist_id
"""

# What each sieve lets through; with wanted starts, only shifts and gaps around them.
COUNTS = """
SELECT (SELECT count(DISTINCT specialist_id)
          FROM clinic_specialist_service line
         WHERE line.active
           AND line.product_id = ANY(p_service_ids)
           AND (p_specialist_ids IS NULL
                OR line.specialist_id = ANY(p_specialist_ids))) AS givers,
       (SELECT count(DISTINCT specialist_id) FROM offer) AS suitable,
       (SELECT count(DISTINCT offer.specialist_id)
          FROM offer
         CROSS JOIN LATERAL (
               SELECT bool_and(clinic_specialist_refuses(
                          offer.specialist_id,
                          (shift.start AT TIME ZONE 'UTC'
                               AT TIME ZONE branch.tz)::date,
                          p_age, p_sex, offer.known OR p_repeat, p_remote,
                          offer.service_id)) AS always
                 FROM clinic_shift shift
                 JOIN clinic_branch branch ON branch.id = shift.branch_id
                WHERE shift.active
                  AND shift.specialist_id = offer.specialist_id
                  AND shift.branch_id = ANY(p_branch_ids)
                  AND shift.start < p_stop
                  AND shift.stop > p_start
                  AND (p_remote OR shift.telemedicine IS NOT TRUE)
                  AND (p_wanted = '{}'
                       OR EXISTS (SELECT FROM unnest(p_wanted) wish(moment)
                                   WHERE tsrange(shift.start, shift.stop) @> moment))
               ) refused
         WHERE refused.always IS NOT TRUE) AS admitted,
       (SELECT count(DISTINCT specialist_id)
          FROM stretch
         WHERE hours @> ALL (
               SELECT tsrange(start - before, start + minutes + after)
                 FROM unnest(p_wanted) start)) AS working,
       (SELECT count(DISTINCT specialist_id)
          FROM stretch
         WHERE EXISTS (SELECT FROM unnest(hours - taken) free
                        WHERE upper(free) - lower(free) >= before + minutes + after)
           AND hours - taken @> ALL (
               SELECT tsrange(start - before, start + minutes + after)
                 FROM unnest(p_wanted) start)) AS spacious,
       (SELECT count(*) FROM stretch WHERE room_ids IS NOT NULL) AS housed,
       (SELECT count(DISTINCT specialist_id) FROM run
         WHERE p_wanted = '{}'
            OR EXISTS (SELECT FROM unnest(p_wanted) start
                        WHERE start BETWEEN first AND last)) AS possible
"""

SLOT_COLUMNS = """
    service_id int, specialist_id int, branch_id int, tz varchar, start timestamp,
    stop timestamp, known boolean, buffer_before int, buffer_after int,
    free_from timestamp, free_to timestamp, places jsonb, limits jsonb
"""
RUN_COLUMNS = """
    service_id int, specialist_id int, branch_id int, tz varchar, known boolean,
    load bigint, first timestamp, last timestamp, minutes int, buffer_before int,
    buffer_after int, free_from timestamp, free_to timestamp
"""
OFFER_COLUMNS = "service_id int, specialist_id int, minutes int"
COUNT_COLUMNS = """
    givers bigint, suitable bigint, admitted bigint, working bigint,
    spacious bigint, housed bigint, possible bigint
"""

# Name of each function, the columns that it returns and its statement.
FUNCTIONS = {
    "earliest": (SLOT_COLUMNS, f"{PREFIX}, {PICK_EARLIEST} {WITH_PLACES}"),
    "compact": (SLOT_COLUMNS, f"{PREFIX}, {PICK_COMPACT} {WITH_PLACES}"),
    "preferred": (SLOT_COLUMNS, f"{PREFIX}, {PICK_PREFERRED} {WITH_PLACES}"),
    "wanted": (SLOT_COLUMNS, f"{PREFIX}, {PICK_WANTED} {WITH_PLACES}"),
    "nearest": (SLOT_COLUMNS, f"{PREFIX}, {PICK_NEAREST} {WITH_PLACES}"),
    "offers": (OFFER_COLUMNS, f"{PREFIX} {OFFERS}"),
    "runs": (RUN_COLUMNS, f"{PREFIX} {RUNS}"),
    "counts": (COUNT_COLUMNS, f"{PREFIX} {COUNTS}"),
}


def get_definitions() -> list[str]:
    """Statements that create the functions anew."""
    parameters = ", ".join(f"p_{name} {kind}" for name, kind in PARAMETERS.items())
    definitions = []
    for name, (columns, query) in FUNCTIONS.items():
        definitions.append(f"DROP FUNCTION IF EXISTS clinic_slots_{name}")
        definitions.append(
            f"""
            CREATE FUNCTION clinic_slots_{name}({parameters})
            RETURNS TABLE ({columns})
            LANGUAGE plpgsql STABLE
            SET jit = off
            SET plan_cache_mode = force_generic_plan
            AS $body$
            #variable_conflict use_column
            BEGIN RETURN QUERY {query}; END
            $body$
            """
        )
    return definitions


def get_call(name: str) -> str:
    """Statement that calls a function with named parameters."""
    arguments = ", ".join(
        f"p_{parameter} => %({parameter})s::{kind}"
        for parameter, kind in PARAMETERS.items()
    )
    return f"SELECT * FROM clinic_slots_{name}({arguments})"

"""What the functions return, and the columns of it."""

# Where each picked start can take place: [room, its resource, device, its resource].
WITH_PLACES = """
SELECT picked.service_id, picked.specialist_id, picked.branch_id, picked.tz,
       picked.start, picked.start + picked.minutes AS stop, picked.known,
       (EXTRACT(EPOCH FROM picked.before) / 60)::int AS buffer_before,
       (EXTRACT(EPOCH FROM picked.after) / 60)::int AS buffer_after,
       picked.free_from, picked.free_to, places.places,
       ARRAY(SELECT resource_id FROM more_need
              WHERE more_need.offer_id = stretch.offer_id) AS beside,
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
               SELECT bool_and(NOT offer.aged @> local.day
                               OR clinic_specialist_refuses(
                          offer.specialist_id, local.day,
                          width_bucket(local.day, p_age_days) - 1, p_sex,
                          offer.known OR p_repeat, p_remote,
                          offer.service_id)) AS always
                 FROM clinic_shift shift
                 JOIN clinic_branch branch ON branch.id = shift.branch_id
                CROSS JOIN LATERAL (
                      SELECT (shift.start AT TIME ZONE 'UTC'
                                  AT TIME ZONE branch.tz)::date
                      ) local(day)
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
    free_from timestamp, free_to timestamp, places jsonb, beside int[], limits jsonb
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

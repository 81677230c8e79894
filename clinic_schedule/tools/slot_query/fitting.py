"""Starts at which a visit fits everywhere: the last steps, up to the runs."""

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
     UNION ALL
    SELECT occupancy.start, occupancy.stop
      FROM clinic_occupancy occupancy JOIN own USING (resource_id)
     WHERE occupancy.active
       AND stop > p_start - interval '1 day'
       AND start < p_stop + interval '1 day'
       AND (expires_at IS NULL OR expires_at > p_clock)
       AND (appointment_id IS NULL OR appointment_id <> ALL(p_ignored_ids))
     UNION ALL
    SELECT shift.start, shift.stop
      FROM clinic_shift shift JOIN own ON own.id = shift.specialist_id
     WHERE shift.active
       AND shift.stop > p_start - interval '1 day'
       AND shift.start < p_stop + interval '1 day'
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
           offer.id AS offer_id, offer.service_id, offer.specialist_id, offer.known,
           offer.device_required,
           offer.before, offer.minutes, offer.after,
           part.branch_id, part.tz, part.hours,
           tsmultirange(tsrange(
               lower(offer.aged)::timestamp AT TIME ZONE part.tz AT TIME ZONE 'UTC',
               upper(offer.aged)::timestamp AT TIME ZONE part.tz AT TIME ZONE 'UTC'
           )) AS aged,
           COALESCE(busy.taken, '{}') + COALESCE(beside.taken, '{}') AS taken,
           COALESCE(busy.load, 0) AS load,
           CASE WHEN offer.device_required AND NOT p_remote
                THEN offer.service_id END AS device_service_id,
           choice.room_ids
      FROM part
      JOIN offer ON offer.id = part.offer_id
      LEFT JOIN busy ON busy.resource_id = offer.resource_id
      LEFT JOIN (SELECT offer_id, range_agg(taken) AS taken
                   FROM more_need JOIN busy USING (resource_id)
                  GROUP BY offer_id) beside ON beside.offer_id = offer.id
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
           place.starts * stretch.aged * tsmultirange(tsrange(
               lower(free) + stretch.before,
               GREATEST(lower(free) + stretch.before,
                        upper(free) - stretch.after - stretch.minutes
                        + interval '1 min')))
           ) together(starts)
     WHERE upper(free) - lower(free) >= stretch.before + stretch.minutes + stretch.after
)
"""

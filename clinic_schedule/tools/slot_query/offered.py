"""Who may give what to the patient, and when they work: the first steps."""

# Where conditions of other modules are joined in.
OFFER_CONDITIONS = "/* more conditions of an offer */"
SHIFT_CONDITIONS = "/* more conditions of a shift */"

OFFERED = f"""
WITH profile AS MATERIALIZED (
    SELECT specialist_id, service_id, NULLIF(duration, 0) AS duration, room_id,
           datemultirange(daterange(date_from, date_to, '[]')) AS days
      FROM clinic_visit_profile
     WHERE active
       AND patient_id = p_patient_id
       AND service_id = ANY(p_service_ids)
),
own AS MATERIALIZED (
    SELECT specialist.id, specialist.resource_id
      FROM clinic_patient patient
      JOIN res_users login ON login.partner_id = patient.partner_id
      JOIN clinic_specialist specialist ON specialist.user_id = login.id
     WHERE patient.id = p_patient_id
),
offer AS MATERIALIZED (
    SELECT row_number() OVER () AS id,
           line.product_id AS service_id,
           line.specialist_id,
           specialist.resource_id,
           template.device_required IS TRUE AS device_required,
           history.known,
           admitted.aged,
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
           SELECT CASE WHEN specialist.max_age < specialist.min_age THEN 'empty'
                       ELSE daterange(p_age_days[COALESCE(specialist.min_age, 0) + 1],
                                      p_age_days[specialist.max_age + 2]) END
           ) admitted(aged)
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
           SELECT NULL, NULL,
                  '{{(,)}}'::datemultirange - COALESCE(range_agg(days), '{{}}')
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
       AND (p_age_days IS NULL
            OR admitted.aged && daterange(p_start::date - 1, p_stop::date + 2))
       AND line.specialist_id NOT IN (SELECT id FROM own)
       AND (p_sex IS NULL OR specialist.accepted_sex IN ('any', p_sex))
       AND (NOT p_remote OR template.telemedicine_ok IS TRUE)
       AND (template.is_group IS TRUE) = p_group
       AND NOT EXISTS (
           SELECT FROM clinic_patient_refusal refusal
            WHERE refusal.active
              AND refusal.patient_id = p_patient_id
              AND refusal.specialist_id = line.specialist_id)
       {OFFER_CONDITIONS}
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
                   offer.specialist_id, local.day,
                   width_bucket(local.day, p_age_days) - 1, p_sex,
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
       AND (p_session_ids <> '{{}}' OR NOT EXISTS (
           SELECT FROM full_day
            WHERE full_day.specialist_id = offer.specialist_id
              AND (full_day.service_id IS NULL
                   OR full_day.service_id = offer.service_id)
              AND full_day.day = local.day))
       {SHIFT_CONDITIONS}
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
                      AND (offer.room_ids = '{{}}' OR room.id = ANY(offer.room_ids))))
),
around AS MATERIALIZED (
    SELECT range_agg(tsrange(start - before, start + minutes + after)) AS visits
      FROM offer CROSS JOIN unnest(p_wanted) start
),
"""

-- Alerts as the monitor writes them, and the cases that follow from them. The monitor applies this file when it starts.

CREATE TABLE IF NOT EXISTS alerts (
  alert_id       text PRIMARY KEY,
  -- The alert that opened the case: the group_id of all of its alerts.
  case_id        text NOT NULL,
  transaction_id text NOT NULL,
  customer_id    text NOT NULL,
  -- Simulated time.
  event_time     timestamptz NOT NULL,
  kind           text NOT NULL,
  rule_id        text NOT NULL,
  severity       text NOT NULL,
  score          double precision NOT NULL,
  text           text NOT NULL,
  -- Rupees.
  amount         numeric(16, 2) NOT NULL,
  payment_rail   text NOT NULL,
  city           text NOT NULL,
  -- Of the city, degrees; null for a city that is not among the simulated ones.
  latitude       double precision,
  longitude      double precision,
  -- Raised while history was being made.
  history        boolean NOT NULL,
  -- Wall clock, of the first time that it was written.
  received_at    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS alerts_by_case ON alerts (case_id, event_time);
CREATE INDEX IF NOT EXISTS alerts_by_event_time ON alerts (event_time);
CREATE INDEX IF NOT EXISTS alerts_by_received_at ON alerts (received_at);

-- One row a case, as services/monitor/cases.ts has them: open while there is an alert within the last hour, closed two days
-- after the last one. What time it is, the newest alert says. A view cannot contradict the alerts that it is made of.
CREATE OR REPLACE VIEW cases AS
SELECT
  case_id,
  min(customer_id) AS customer_id,
  min(rule_id) AS rule_id,
  min(kind) AS kind,
  (ARRAY['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])[max(array_position(ARRAY['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], severity))] AS severity,
  (array_agg(city ORDER BY event_time DESC, alert_id DESC))[1] AS city,
  count(*) AS alerts,
  sum(amount) AS amount,
  min(event_time) AS opened_at,
  max(event_time) AS last_alert_at,
  CASE
    WHEN max(event_time) > clock.now - interval '1 hour' THEN 'open'
    WHEN max(event_time) > clock.now - interval '2 days' THEN 'cooling'
    ELSE 'closed'
  END AS state
FROM alerts, (SELECT max(event_time) AS now FROM alerts) AS clock
GROUP BY case_id, clock.now;

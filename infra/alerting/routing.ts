/** Who is told of alerts: a webhook each. The addresses are examples, to be replaced by one's own. */
export const receivers = { 'fraud-desk': 'http://127.0.0.1:9096/fraud', 'on-call': 'http://127.0.0.1:9096/operations' }

export type Receiver = keyof typeof receivers

/** Alertmanager's configuration, as an object: what is about fraud goes to the fraud desk, all else to who is on call. */
export const alertmanagerConfig = (urls: Readonly<Record<Receiver, string>> = receivers) => ({
  route: {
    receiver: 'on-call',
    group_by: ['alertname', 'type', 'consumergroup', 'instance'],
    group_wait: '1s',
    group_interval: '10s',
    repeat_interval: '1h',
    routes: [{ receiver: 'fraud-desk', matchers: ['group = "domain"'] }],
  },
  inhibit_rules: [
    // A service that is away explains why nothing comes, and why its group falls behind.
    {
      source_matchers: ['alertname = "ServiceDown"'],
      target_matchers: ['alertname =~ "NoTransactions|ConsumerLag"'],
    },
  ],
  receivers: (Object.keys(receivers) as Receiver[]).map((name) => ({
    name,
    webhook_configs: [{ url: urls[name], send_resolved: true }],
  })),
})

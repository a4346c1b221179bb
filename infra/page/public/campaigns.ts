import type { CampaignView } from '#services/monitor/live/truths.ts'
import { clock } from '../../cli/view/format.ts'
import { campaignText, foundText, fraudText } from './alert-text.ts'
import { byId, draw, html } from './dom.ts'

/** What is done to customers, whether the rules have noticed or not. */
export class Campaigns {
  readonly #rows = byId<HTMLElement>('campaigns')

  update(campaigns: readonly CampaignView[]): void {
    draw(this.#rows, campaigns, () =>
      campaigns.length === 0 ? [html('li', { class: 'none' }, 'No fraud yet.')] : campaigns.map(rowOf),
    )
  }
}

function rowOf(campaign: CampaignView): HTMLElement {
  const isFound = campaign.firstAlertMs !== null
  return html(
    'li',
    { 'data-campaign': campaign.id },
    html('span', { class: `sign ${isFound ? 'right' : 'open'}`, 'aria-hidden': 'true' }, isFound ? '✓' : '○'),
    html(
      'span',
      { class: 'row-text' },
      html('strong', {}, fraudText(campaign)),
      html('small', {}, campaignText(campaign)),
    ),
    html(
      'span',
      { class: 'aside' },
      html('span', {}, foundText(campaign)),
      html('small', {}, `since ${clock(campaign.firstFraudMs)}`),
    ),
  )
}

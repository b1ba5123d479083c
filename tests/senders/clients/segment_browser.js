// Segment's client for browsers, as its documentation shows it for a CDN and a host of one's own.
const asked = new URLSearchParams(location.search)
const analytics = window.AnalyticsNext.AnalyticsBrowser.load(
  { writeKey: asked.get('key'), cdnURL: asked.get('door') },
  asked.has('batching') ? { integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 100, timeout: 300 } } } } } : {},
)

async function tell() {
  await analytics.page('Docs', 'Skor')
  await analytics.identify('kund-1', { email: 'ann@example.se', firstName: 'Ann', address: { country: 'SE', state: 'Skåne' } })
  await analytics.track('Product Viewed', { product_id: 'LOP-101', price: 1299, currency: 'SEK' })
  await analytics.screen('Start')
  await analytics.group('household-7', { name: 'Familjen Ek' })
  await analytics.alias('kund-1', 'device-1')
}

// RudderStack's client for browsers, as its documentation shows it, with the door as data plane and as control plane.
const asked = new URLSearchParams(location.search)
const analytics = new window.rudderanalytics.RudderAnalytics()
const options = { configUrl: asked.get('door'), logLevel: 'ERROR' }
if (asked.has('beacon')) Object.assign(options, { useBeacon: true, beaconQueueOptions: { flushQueueInterval: 300 } })
if (asked.has('batching')) Object.assign(options, { queueOptions: { batch: { enabled: true, flushInterval: 300, maxItems: 100 } } })
analytics.load(asked.get('key'), asked.get('door'), options)

function tell() {
  analytics.page('Docs', 'Skor')
  analytics.identify('kund-1', { email: 'ann@example.se', firstName: 'Ann', address: { country: 'SE', state: 'Skåne' } })
  analytics.track('Product Viewed', { product_id: 'LOP-101', price: 1299, currency: 'SEK' })
  analytics.group('household-7', { name: 'Familjen Ek' })
  analytics.alias('kund-1', 'device-1')
}

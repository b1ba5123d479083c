// Segment's client for Node, as its documentation shows it. Called with the door's address and the write key;
// `--slip`: with an event whose name is a slip of the pen; `--many N`: with so many further ones.
import { Analytics } from '@segment/analytics-node'

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host })
analytics.on('error', (error) => console.error(error.reason.message))

analytics.identify({ userId: 'kund-1', traits: { email: 'ann@example.se', firstName: 'Ann', address: { country: 'SE', state: 'Skåne' } } })
analytics.page({ userId: 'kund-1', category: 'Docs', name: 'Skor', properties: { url: 'https://shop.example/docs' } })
analytics.screen({ userId: 'kund-1', name: 'Brightness', properties: { from: 'Settings Screen' } })
analytics.track({ userId: 'kund-1', event: 'Product Viewed', properties: { product_id: 'LOP-101', price: 1299, currency: 'SEK' } })
analytics.track({ userId: 'kund-1', event: 'Cart Viewed', properties: { cart_id: 'c-1' }, timestamp: '2026-11-17T09:14:00+01:00' })
analytics.track({ anonymousId: 'device-1', event: 'Cart Viewed', properties: { cart_id: 'c-2' } })
analytics.group({ userId: 'kund-1', groupId: 'household-7', traits: { name: 'Familjen Ek' } })
analytics.alias({ previousId: 'device-1', userId: 'kund-1' })
const many = process.argv.indexOf('--many')
for (let n = 0; many > 0 && n < Number(process.argv[many + 1]); n++) analytics.track({ userId: 'kund-1', event: 'Cart Viewed', properties: { cart_id: `many-${n}` } })
if (process.argv.includes('--slip')) analytics.track({ userId: 'kund-1', event: 'Order Completd' })
await analytics.closeAndFlush()

-- The relations that questions read: their grain, columns and types (DuckDB's names). Written by
-- `python -m omtanke.insight.contract`; a test compares it with what the lake writes.
--
-- The lake holds one table of Parquet files for each type of fact; the files that count are those that
-- lake/manifest.json names. One row is one fact. Nothing here is of a person's identity, and there is no free text.
--
-- Every table begins with the common columns:
--   position BIGINT: place in the one total order of the store
--   fact_id BLOB: 16 bytes; the same fact has the same id wherever it is computed
--   fact_kind VARCHAR: input or decided; the engine's own are decided
--   mode VARCHAR: live or history
--   source INTEGER: which sender
--   customer BIGINT: the customer as recorded; join person_of before counting people
--   version INTEGER: of the type
--   occurred_at TIMESTAMPTZ: when it happened
--   received_at TIMESTAMPTZ: when it came to us
--   now TIMESTAMPTZ: the clock that it was decided under
--   channel VARCHAR: where: web, app, store, phone, mail, sms, chat, letter, delivery, survey, review, warehouse, none
--   touchpoint VARCHAR: as the shop names it
--   cause BLOB: fact_id of what led to it; for decided facts
--   reason VARCHAR: a code; for decided facts
--   policy_version INTEGER: of the shop's policy; for decided facts
--   engine_version INTEGER: for decided facts
-- Numbers of orders, lines, parcels, products … are the store's own; 0 is none. Amounts are in minor units of the currency beside them.

-- Who is who today: one row per customer as recorded.
CREATE TABLE person_of (
    "customer" BIGINT, -- as recorded in facts
    "person" BIGINT, -- the person it leads to today
    "kind" VARCHAR -- person, unnamed (known by an order or case only) or subject (a store's or product's own ledger)
);

-- The common columns of every fact: one row per fact of any type.
CREATE TABLE facts (
    "type" VARCHAR, -- the type of fact, as the tables below are named
    "is_observed" BOOLEAN, -- whether a sender told it
    "position" BIGINT, -- place in the one total order of the store
    "fact_id" BLOB, -- 16 bytes; the same fact has the same id wherever it is computed
    "fact_kind" VARCHAR, -- input or decided; the engine's own are decided
    "mode" VARCHAR, -- live or history
    "source" INTEGER, -- which sender
    "customer" BIGINT, -- the customer as recorded; join person_of before counting people
    "version" INTEGER, -- of the type
    "occurred_at" TIMESTAMPTZ, -- when it happened
    "received_at" TIMESTAMPTZ, -- when it came to us
    "now" TIMESTAMPTZ, -- the clock that it was decided under
    "channel" VARCHAR, -- where: web, app, store, phone, mail, sms, chat, letter, delivery, survey, review, warehouse, none
    "touchpoint" VARCHAR, -- as the shop names it
    "cause" BLOB, -- fact_id of what led to it; for decided facts
    "reason" VARCHAR, -- a code; for decided facts
    "policy_version" INTEGER, -- of the shop's policy; for decided facts
    "engine_version" INTEGER -- for decided facts
);

-- The customer has placed an order, in any channel, with the promises that were shown.
CREATE TABLE order_completed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "cart" BIGINT, -- the cart it came from
    "total" BIGINT, -- what the customer pays in all
    "shipping" BIGINT, -- of which for delivery
    "tax" BIGINT, -- of which tax
    "discount" BIGINT, -- taken off
    "currency" VARCHAR, -- the currency of every amount in the fact
    "region" VARCHAR, -- where it goes: county or state
    "carrier" VARCHAR, -- who carries it, when known already
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[], -- the promises shown
    "quote" BIGINT -- the quote that was taken
);

-- An order has been changed. Lines, when sent, are all its lines; a promise with a new window is renegotiated.
CREATE TABLE order_updated (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "total" BIGINT, -- what the customer pays in all
    "currency" VARCHAR, -- the currency of every amount in the fact
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises shown
);

-- A line of an order, from a source that tells lines apart from the order.
CREATE TABLE order_line_recorded (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "line" BIGINT, -- the line
    "product" BIGINT, -- the product
    "quantity" BIGINT, -- how many
    "price" BIGINT, -- price of one
    "shipping" BIGINT, -- the line's share of delivery
    "currency" VARCHAR, -- the currency of every amount in the fact
    "category" VARCHAR, -- the product's category
    "seller" BIGINT, -- who sells it, on a marketplace
    "ship_until_at" TIMESTAMPTZ -- when the seller was to hand it over at the latest
);

-- The payment of an order has been approved.
CREATE TABLE payment_approved (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT -- the order
);

-- A payment or a part of one, from a source that tells payments apart from the order.
CREATE TABLE payment_recorded (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "method" VARCHAR, -- how it was paid
    "amount" BIGINT, -- how much
    "instalments" BIGINT, -- in how many parts
    "currency" VARCHAR -- the currency of every amount in the fact
);

-- An order, or the lines named, has been called off; what has been delivered stays delivered.
CREATE TABLE order_cancelled (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "why" VARCHAR -- a code for why
);

-- Money for an order has been paid back.
CREATE TABLE order_refunded (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "total" BIGINT, -- how much
    "currency" VARCHAR -- the currency of every amount in the fact
);

-- A parcel has been handed to the carrier. Without lines it holds what the other parcels do not.
CREATE TABLE order_shipped (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "parcel" BIGINT, -- the parcel
    "carrier" VARCHAR, -- who carries it
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises shown
);

-- The carrier has scanned a parcel.
CREATE TABLE shipment_updated (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "parcel" BIGINT, -- the parcel
    "carrier" VARCHAR, -- who carries it
    "status" VARCHAR -- the carrier's code
);

-- The carrier, or we, know that a parcel will be late.
CREATE TABLE shipment_delayed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "parcel" BIGINT, -- the parcel
    "carrier" VARCHAR, -- who carries it
    "expected_at" TIMESTAMPTZ, -- when it is now expected
    "why" VARCHAR -- a code for why
);

-- Goods are with the customer: the lines named, else those of the parcel, else the whole order.
CREATE TABLE shipment_delivered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "parcel" BIGINT, -- the parcel
    "carrier" VARCHAR, -- who carries it
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[] -- the lines concerned
);

-- Goods can be collected, in a store, at a pickup point or in a locker.
CREATE TABLE pickup_ready (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "parcel" BIGINT, -- the parcel
    "carrier" VARCHAR, -- who carries it
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "store" BIGINT -- the store
);

-- The customer has collected the goods.
CREATE TABLE pickup_collected (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "parcel" BIGINT, -- the parcel
    "store" BIGINT -- the store
);

-- A product has been put into a cart.
CREATE TABLE product_added (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "cart" BIGINT, -- the cart
    "product" BIGINT, -- the product
    "quantity" BIGINT, -- how many
    "price" BIGINT, -- price of one
    "currency" VARCHAR, -- the currency of every amount in the fact
    "category" VARCHAR -- the product's category
);

-- A product has been taken out of a cart.
CREATE TABLE product_removed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "cart" BIGINT, -- the cart
    "product" BIGINT, -- the product
    "quantity" BIGINT -- how many
);

-- The customer has looked at the cart.
CREATE TABLE cart_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "cart" BIGINT -- the cart
);

-- The customer has gone to the checkout.
CREATE TABLE checkout_started (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "cart" BIGINT, -- the cart
    "order" BIGINT -- the order, when it has a number already
);

-- Nothing has happened with a cart for the idle time of the policy, and nothing was bought.
CREATE TABLE cart_left (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "cart" BIGINT,
    "touched_at" TIMESTAMPTZ,
    "pieces" BIGINT,
    "worth" BIGINT,
    "currency" VARCHAR
);

-- A cart that was left has been opened again.
CREATE TABLE cart_taken_up (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "cart" BIGINT
);

-- A cart has become an order.
CREATE TABLE cart_closed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "cart" BIGINT,
    "order" BIGINT
);

-- The customer has looked at a product.
CREATE TABLE product_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "product" BIGINT, -- the product
    "price" BIGINT, -- price shown
    "currency" VARCHAR, -- the currency of every amount in the fact
    "category" VARCHAR -- the product's category
);

-- A product can be bought again. Reaches every customer who was promised it.
CREATE TABLE product_restocked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "product" BIGINT, -- the product
    "quantity" BIGINT -- how many came
);

-- A page of the shop was shown: Segment's page call.
CREATE TABLE page_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR -- the sender's own, as written
);

-- A screen of the app was shown: Segment's screen call.
CREATE TABLE screen_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR -- the sender's own, as written
);

-- A customer needs something of us.
CREATE TABLE case_opened (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT, -- the case
    "order" BIGINT, -- the order it is about
    "line" BIGINT, -- the line it is about
    "topic" VARCHAR, -- what it is about
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises given with it
);

-- The customer has written.
CREATE TABLE case_message_received (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT, -- the case
    "order" BIGINT -- the order it is about
);

-- We have answered.
CREATE TABLE case_message_sent (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT, -- the case
    "order" BIGINT, -- the order it is about
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises given with it
);

-- We have answered in a chat.
CREATE TABLE live_chat_message_sent (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT -- the case
);

-- The matter is over, as we see it.
CREATE TABLE case_resolved (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT, -- the case
    "outcome" VARCHAR -- a code for how it ended
);

-- The customer wants us to call.
CREATE TABLE callback_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT, -- the case
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises given with it
);

-- We have called.
CREATE TABLE callback_made (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT -- the case
);

-- The customer wants to send something back.
CREATE TABLE return_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case
    "store" BIGINT, -- the store it was asked in
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "why" VARCHAR, -- a code for why
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises given with it
);

-- What was sent back has come, in a store or by parcel.
CREATE TABLE return_received (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case
    "store" BIGINT, -- the store that took it
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises given with it
);

-- The money is on its way back.
CREATE TABLE refund_issued (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case
    "amount" BIGINT, -- how much
    "currency" VARCHAR -- the currency of every amount in the fact
);

-- What went wrong has been put right: the right thing delivered, the damage mended.
CREATE TABLE repair_completed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case
    "line" BIGINT -- the line it is about
);

-- A time has been agreed; the promise is stated with it.
CREATE TABLE appointment_booked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "appointment" BIGINT, -- the appointment
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[] -- the promises shown
);

-- We met as agreed.
CREATE TABLE appointment_held (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "appointment" BIGINT -- the appointment
);

-- It did not happen. Missed by us, it breaks the promise; by the customer, we no longer owe it.
CREATE TABLE appointment_missed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "appointment" BIGINT, -- the appointment
    "by" VARCHAR -- who was not there
);

-- The doors of a store are open.
CREATE TABLE store_opened (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "store" BIGINT -- the store
);

-- The doors of a store are closed; before the hour promised, that promise is broken.
CREATE TABLE store_closed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "store" BIGINT -- the store
);

-- A customer has shown who they are in a store.
CREATE TABLE store_visited (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "store" BIGINT -- the store
);

-- A purchase at the till, taken home at once.
CREATE TABLE receipt_issued (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the receipt
    "store" BIGINT, -- the store
    "cart" BIGINT, -- the cart it came from
    "total" BIGINT, -- what the customer paid
    "discount" BIGINT, -- taken off
    "currency" VARCHAR, -- the currency of every amount in the fact
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[] -- the lines concerned
);

-- A question has gone to the customer.
CREATE TABLE survey_sent (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "survey" BIGINT, -- the survey
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case it is about
    "question" VARCHAR, -- a code for the question
    "scale" VARCHAR -- the scale
);

-- The customer has answered.
CREATE TABLE survey_answered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "survey" BIGINT, -- the survey
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case it is about
    "question" VARCHAR, -- a code for the question
    "scale" VARCHAR, -- the scale
    "score" BIGINT -- the answer on the scale
);

-- We have led the customer to expect something by a time. Stated again with another window, it is renegotiated.
-- A promise without a subject is to the customer (a call back, a reply).
CREATE TABLE promise_stated (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "stated" STRUCT("promise" BIGINT, "kind" VARCHAR, "subject_kind" VARCHAR, "subject" BIGINT, "order" BIGINT, "from_at" TIMESTAMPTZ, "until_at" TIMESTAMPTZ, "attended" BOOLEAN, "owner" VARCHAR, "zone" VARCHAR)[]
);

-- A promise of any kind has been met.
CREATE TABLE promise_fulfilled (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "promise" BIGINT -- the sender's id of the promise
);

-- We no longer owe it: agreed with the customer, or the need has gone.
CREATE TABLE promise_retracted (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "promise" BIGINT, -- the sender's id of the promise
    "why" VARCHAR -- a code for why
);

-- An offer of a window, not yet a promise; an order that names it makes it one.
CREATE TABLE quote_given (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "quote" BIGINT, -- the quote
    "from_at" TIMESTAMPTZ, -- not before
    "until_at" TIMESTAMPTZ, -- at the latest
    "valid_until" TIMESTAMPTZ, -- the last moment at which it can be taken
    "attended" BOOLEAN, -- the customer waits at the door in the window
    "zone" VARCHAR
);

-- A promise stands in the ledger. Moments of risk and breaking follow the policy of the day it was made.
-- `promise` is its own number; `given` the sender's id of it, 0 for none, which those that follow it share.
-- `statement` is its number in the list of the fact that stated it, where the words shown are found.
-- `follows` is the broken promise that it comes after, 0 for none.
CREATE TABLE promise_made (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "kind" VARCHAR,
    "subject_kind" VARCHAR,
    "subject" BIGINT,
    "order" BIGINT,
    "from_at" TIMESTAMPTZ,
    "until_at" TIMESTAMPTZ,
    "risk_at" TIMESTAMPTZ,
    "lapse_at" TIMESTAMPTZ,
    "exceeds_before" TIMESTAMPTZ,
    "attended" BOOLEAN,
    "owner" VARCHAR,
    "zone" VARCHAR,
    "statement" BIGINT,
    "follows" BIGINT,
    "given" BIGINT
);

-- The window has been changed before it fell due; the first one is kept beside it.
CREATE TABLE promise_renegotiated (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "from_at" TIMESTAMPTZ,
    "until_at" TIMESTAMPTZ,
    "risk_at" TIMESTAMPTZ,
    "lapse_at" TIMESTAMPTZ,
    "exceeds_before" TIMESTAMPTZ,
    "zone" VARCHAR,
    "statement" BIGINT
);

-- A window that was said before all we knew of has come to our knowledge late; it is now the first.
CREATE TABLE promise_first_window_learned (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "from_at" TIMESTAMPTZ,
    "until_at" TIMESTAMPTZ,
    "statement" BIGINT
);

-- It may break: its time is near, or a sign of delay has come.
CREATE TABLE promise_at_risk (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "until_at" TIMESTAMPTZ
);

-- Its time is up without evidence; late scans may still come within the grace of its kind.
CREATE TABLE promise_fell_due (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "until_at" TIMESTAMPTZ
);

-- Some of an order's lines have reached the customer.
CREATE TABLE promise_partly_met (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "met" BIGINT,
    "lines" BIGINT
);

-- Met in time. `first_window_met` holds it against what was said first.
CREATE TABLE promise_kept (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "met_at" TIMESTAMPTZ,
    "first_window_met" BOOLEAN
);

-- Met before `from`, or by the kind's margin before `until`.
CREATE TABLE promise_exceeded (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "met_at" TIMESTAMPTZ,
    "first_window_met" BOOLEAN
);

-- Not met in time: an incident of ours, with an owner. `met_at` is 0 while the customer still waits.
CREATE TABLE promise_broken (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "incident" BIGINT,
    "owner" VARCHAR,
    "met_at" TIMESTAMPTZ,
    "first_window_met" BOOLEAN
);

-- A broken promise has been met after all.
CREATE TABLE promise_met_late (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "met_at" TIMESTAMPTZ
);

-- No longer owed.
CREATE TABLE promise_withdrawn (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT
);

-- Late evidence has replaced an ending; both stay in the history, the last one counts.
-- `ending` may be `open`: a new window that was agreed in time has come to our knowledge late.
CREATE TABLE promise_ending_corrected (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "ending" VARCHAR,
    "was" VARCHAR,
    "met_at" TIMESTAMPTZ,
    "first_window_met" BOOLEAN
);

-- An input that cannot be: it is on record, and changes nothing. The reason says why.
CREATE TABLE input_set_aside (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "subject_kind" VARCHAR,
    "subject" BIGINT
);

-- Something is known about the customer: Segment's identify call, or a row of a customer register.
CREATE TABLE customer_identified (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "region" VARCHAR, -- county or state
    "country" VARCHAR, -- ISO 3166 country
    "locale" VARCHAR, -- language, as in sv or en-GB
    "has_email" BOOLEAN,
    "has_phone" BOOLEAN
);

-- Two customers are one person. `customer` of the fact is the one that lives on; `other` joins it.
CREATE TABLE customers_linked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "other" BIGINT,
    "by" VARCHAR
);

-- A moment that the engine asked to be woken at. Its `now` is that moment, not the wall clock.
CREATE TABLE wake_reached (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "due_at" TIMESTAMPTZ
);

-- From this position on, decisions follow this version of the policy.
CREATE TABLE policy_activated (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "policy" BIGINT,
    "digest" VARCHAR
);

-- An event whose name we do not know. It is kept whole in the personal part.
CREATE TABLE unknown_observed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR -- the sender's own, as written
);

-- Derived relations, whose definitions are in derived/<name>.sql; a printed question carries them with it.
--   promise: every promise as it stands.
--   answer: every answer to a survey, and what had become of the promise to deliver that order.

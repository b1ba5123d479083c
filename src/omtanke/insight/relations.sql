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

-- A link that we gave a customer has been opened: by them, or by a program that looks mail through. It says no more than that.
CREATE TABLE link_opened (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "link" VARCHAR, -- what it was made for
    "cart" BIGINT -- our own number of the cart, when it is about one
);

-- The customer has searched.
CREATE TABLE products_searched (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "results" BIGINT -- how many were found
);

-- A list of products was shown.
CREATE TABLE product_list_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "list_id" VARCHAR, -- the list
    "category" VARCHAR -- the product's category
);

-- A list of products was narrowed down.
CREATE TABLE product_list_filtered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "list_id" VARCHAR, -- the list
    "category" VARCHAR -- the product's category
);

-- A product was chosen in a list.
CREATE TABLE product_clicked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "product" BIGINT, -- the product
    "price" BIGINT, -- price shown
    "currency" VARCHAR, -- the currency of every amount in the fact
    "category" VARCHAR -- the product's category
);

-- A promotion was shown.
CREATE TABLE promotion_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "promotion" VARCHAR -- the promotion
);

-- A promotion was followed.
CREATE TABLE promotion_clicked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "promotion" VARCHAR -- the promotion
);

-- Something to read or watch was shown: a guide, an article, a film.
CREATE TABLE content_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "content" VARCHAR, -- the piece, as the shop names it
    "subject" VARCHAR -- what it is about
);

-- A product was put on a wish list.
CREATE TABLE product_added_to_wishlist (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "product" BIGINT, -- the product
    "category" VARCHAR -- the product's category
);

-- A product was taken off a wish list.
CREATE TABLE product_removed_from_wishlist (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "product" BIGINT -- the product
);

-- A code for a discount was entered.
CREATE TABLE coupon_entered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "cart" BIGINT, -- the cart
    "coupon" VARCHAR -- the discount
);

-- A discount was given for a code.
CREATE TABLE coupon_applied (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "cart" BIGINT, -- the cart
    "coupon" VARCHAR, -- the discount
    "discount" BIGINT, -- taken off
    "currency" VARCHAR -- the currency of every amount in the fact
);

-- A code for a discount was not accepted.
CREATE TABLE coupon_denied (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the order
    "cart" BIGINT, -- the cart
    "coupon" VARCHAR, -- the discount
    "why" VARCHAR -- a code for why
);

-- A step of the checkout was shown.
CREATE TABLE checkout_step_viewed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "cart" BIGINT, -- the cart
    "step" BIGINT -- which step, from 1
);

-- A step of the checkout is done.
CREATE TABLE checkout_step_completed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "cart" BIGINT, -- the cart
    "step" BIGINT -- which step, from 1
);

-- The first field has been touched.
CREATE TABLE form_started (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "form" VARCHAR, -- the form, as the shop names it
    "cart" BIGINT -- the cart it belongs to
);

-- A field has been filled in.
CREATE TABLE form_field_completed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "form" VARCHAR, -- the form, as the shop names it
    "field" VARCHAR, -- the field, as the shop names it
    "cart" BIGINT, -- the cart it belongs to
    "milliseconds" BIGINT, -- how long it took, in milliseconds
    "changes" BIGINT, -- how many times it was changed
    "is_required" BOOLEAN -- whether it has to be filled in
);

-- What was filled in was not accepted.
CREATE TABLE form_field_failed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "form" VARCHAR, -- the form, as the shop names it
    "field" VARCHAR, -- the field, as the shop names it
    "cart" BIGINT, -- the cart it belongs to
    "why" VARCHAR -- a code for why
);

-- The form has been sent.
CREATE TABLE form_submitted (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "form" VARCHAR, -- the form, as the shop names it
    "cart" BIGINT, -- the cart it belongs to
    "milliseconds" BIGINT -- how long the whole took, in milliseconds
);

-- The customer has left the form without sending it.
CREATE TABLE form_abandoned (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "form" VARCHAR, -- the form, as the shop names it
    "field" VARCHAR, -- the field where it was left
    "cart" BIGINT -- the cart it belongs to
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

-- A chat has begun.
CREATE TABLE live_chat_conversation_started (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT -- the case
);

-- The customer has written in a chat.
CREATE TABLE live_chat_message_received (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT -- the case
);

-- A chat is over.
CREATE TABLE live_chat_conversation_ended (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT -- the case
);

-- Somebody has noted what was said: at the counter, on the phone.
CREATE TABLE conversation_noted (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "case" BIGINT, -- the case
    "store" BIGINT, -- the store
    "topic" VARCHAR -- what it was about
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

-- A customer has come into a store. `is_known`: the message says who it was.
CREATE TABLE store_visited (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "store" BIGINT, -- the store
    "is_known" BOOLEAN
);

-- A purchase at the till, taken home at once. `is_known`: the message says whose it was.
CREATE TABLE receipt_issued (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "order" BIGINT, -- the receipt
    "store" BIGINT, -- the store
    "cart" BIGINT, -- the cart it came from
    "total" BIGINT, -- what the customer paid
    "discount" BIGINT, -- taken off
    "currency" VARCHAR, -- the currency of every amount in the fact
    "lines" STRUCT("line" BIGINT, "product" BIGINT, "quantity" BIGINT, "price" BIGINT, "category" VARCHAR)[], -- the lines concerned
    "is_known" BOOLEAN
);

-- A tool, screen or sign in a store, or on a page, was used: by whom, and for how long.
CREATE TABLE touchpoint_used (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "store" BIGINT, -- the store
    "tool" VARCHAR, -- the tool, screen or sign, as the shop names it
    "device" VARCHAR, -- the sort of device: tablet, wall, phone
    "used_by" VARCHAR, -- who used it
    "seconds" BIGINT -- for how long, in seconds
);

-- A warehouse, store or carrier manages more or less than it did. Without an end it holds until something else is told of the unit; for days that
-- several cover, what was told last counts.
CREATE TABLE capacity_changed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "store" BIGINT, -- the store or warehouse
    "pace" BIGINT, -- per cent of the ordinary pace
    "from_at" TIMESTAMPTZ, -- since when
    "until_at" TIMESTAMPTZ, -- until when
    "why" VARCHAR, -- a code for why: temporary staff, holiday, strike
    "kind" VARCHAR, -- what the unit is; a carrier slows the way, a store itself alone
    "staff" BIGINT -- who said it in the console
);

-- A question has gone to the customer.
CREATE TABLE survey_sent (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "survey" BIGINT, -- the survey
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case it is about
    "store" BIGINT, -- the store it is about
    "about" VARCHAR, -- what it is about
    "question" VARCHAR, -- a code for the question
    "scale" VARCHAR -- the scale
);

-- The customer has answered: one question, or several in `answers`. A score of -1 was not given.
-- `asked` is our own number of the survey, when we asked. Answered again, the later answer counts.
CREATE TABLE survey_answered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "survey" BIGINT, -- the survey
    "asked" BIGINT, -- our own number of the survey
    "order" BIGINT, -- the order it is about
    "case" BIGINT, -- the case it is about
    "store" BIGINT, -- the store it is about
    "about" VARCHAR, -- what it is about
    "question" VARCHAR, -- a code for the question
    "scale" VARCHAR, -- the scale
    "score" BIGINT, -- the answer on the scale
    "answers" STRUCT("question" VARCHAR, "touchpoint" VARCHAR, "scale" VARCHAR, "score" BIGINT)[] -- what was answered to several questions
);

-- The customer has added words to an answer.
CREATE TABLE survey_commented (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "survey" BIGINT, -- the survey
    "asked" BIGINT -- our own number of the survey
);

-- The moment to ask one question has come. It leaves with a link that is answered by one click.
CREATE TABLE survey_asked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "survey" BIGINT,
    "about" VARCHAR,
    "question" VARCHAR,
    "scale" VARCHAR,
    "order" BIGINT,
    "case" BIGINT,
    "store" BIGINT,
    "expires_at" TIMESTAMPTZ
);

-- There was something to ask about, and we did not; the reason says why. `survey` is the number it would have had.
CREATE TABLE survey_withheld (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "survey" BIGINT,
    "about" VARCHAR,
    "order" BIGINT,
    "case" BIGINT,
    "store" BIGINT
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
    "rests_on" VARCHAR, -- what it was reckoned from: a table or a model, with its version
    "zone" VARCHAR,
    "sure_permille" BIGINT -- how many of a thousand such windows are kept, as reckoned; 0: not reckoned
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
    "kind" VARCHAR,
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
-- `ending` may be `open`: a new window that was agreed in time has come to our knowledge late. `owner` and `kind` stand
-- where it is broken after all.
CREATE TABLE promise_ending_corrected (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "promise" BIGINT,
    "ending" VARCHAR,
    "was" VARCHAR,
    "owner" VARCHAR,
    "kind" VARCHAR,
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

-- Somebody has agreed a new window with the customer, for a promise that stands or one that is broken.
CREATE TABLE promise_renegotiation_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "promise" BIGINT, -- the promise
    "from_at" TIMESTAMPTZ, -- not before
    "until_at" TIMESTAMPTZ -- at the latest
);

-- Somebody has taken it upon themselves.
CREATE TABLE task_taken (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "task" BIGINT -- the task; that of a promise has the promise's number
);

-- The customer has heard it from us; the channel of the fact is the way.
CREATE TABLE customer_told (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "task" BIGINT -- the task; that of a promise has the promise's number
);

-- Nothing more is to be done.
CREATE TABLE task_closed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "task" BIGINT, -- the task; that of a promise has the promise's number
    "outcome" VARCHAR -- how it ended
);

-- Something to remember about a customer.
CREATE TABLE note_added (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "task" BIGINT -- the task it belongs to
);

-- Somebody has made a new link to the customer's own page, to give it to them. The link itself is on no record.
CREATE TABLE own_page_link_made (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT -- who did it
);

-- Something needs a person: the unit that answers for it, and who of them (0: nobody by name).
CREATE TABLE task_assigned (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "task" BIGINT,
    "about" VARCHAR,
    "promise" BIGINT,
    "survey" BIGINT,
    "unit" VARCHAR,
    "assignee" BIGINT
);

-- Nothing more is to be done.
CREATE TABLE task_done (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "task" BIGINT,
    "outcome" VARCHAR
);

-- A person is in a play from now on, in this version of it. `run` is the number of this time.
-- `subject`: the number of what the play is about, 0 for the person; beside it what the fact that let them in names.
-- `kept`: the values of that fact which conditions further on read, as MessagePack. `since_at`: since when what ends it counts.
CREATE TABLE play_entered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "play" VARCHAR,
    "play_digest" VARCHAR,
    "run" BIGINT,
    "key" VARCHAR,
    "subject" BIGINT,
    "cart" BIGINT,
    "order" BIGINT,
    "case" BIGINT,
    "store" BIGINT,
    "parcel" BIGINT,
    "promise" BIGINT,
    "kept" BLOB,
    "since_at" TIMESTAMPTZ,
    "is_held_out" BOOLEAN
);

-- A person has come to this step of a play, counted from 0, and stays there until `until_at` or until what it waits for has come.
-- `counted`: the facts since they entered that the play asks about.
CREATE TABLE play_moved (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "play" VARCHAR,
    "run" BIGINT,
    "step" BIGINT,
    "until_at" TIMESTAMPTZ,
    "counted" STRUCT("fact" VARCHAR, "times" BIGINT)[]
);

-- A person is no longer in a play; the reason says why. `step`: where they were, counted from 0.
CREATE TABLE play_left (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "play" VARCHAR,
    "run" BIGINT,
    "step" BIGINT
);

-- A play tells another system something, under a name that the shop has given it.
CREATE TABLE play_told (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "play" VARCHAR,
    "run" BIGINT,
    "told" BIGINT,
    "event" VARCHAR,
    "cart" BIGINT,
    "order" BIGINT,
    "case" BIGINT,
    "store" BIGINT
);

-- The moment to say something has come. What becomes of it follows at once, from all that is known then.
CREATE TABLE message_due (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "message" BIGINT,
    "play" VARCHAR,
    "run" BIGINT,
    "step" BIGINT,
    "message_class" VARCHAR,
    "template" VARCHAR,
    "channels" VARCHAR[]
);

-- It is to be said now, in this channel. What has not been handed over within a minute is asked anew; `tries` counts that, from 0.
CREATE TABLE message_released (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "message" BIGINT,
    "play" VARCHAR,
    "run" BIGINT,
    "message_class" VARCHAR,
    "template" VARCHAR,
    "for_channel" VARCHAR,
    "tries" BIGINT,
    "entry" BLOB,
    "cart" BIGINT,
    "order" BIGINT,
    "case" BIGINT,
    "store" BIGINT,
    "parcel" BIGINT,
    "promise" BIGINT,
    "survey" BIGINT
);

-- It waits; the reason says why. It is asked again at `until_at`, or sooner when what it waits for is over.
CREATE TABLE message_deferred (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "message" BIGINT,
    "play" VARCHAR,
    "run" BIGINT,
    "message_class" VARCHAR,
    "until_at" TIMESTAMPTZ
);

-- It is not said; the reason says why. Of a message whose play is over, only the number is known.
CREATE TABLE message_suppressed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "message" BIGINT,
    "play" VARCHAR,
    "run" BIGINT,
    "message_class" VARCHAR
);

-- A message has gone to the customer: ours, or one of another system that shares the customer's patience.
CREATE TABLE message_sent (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "message" BIGINT, -- our own number of the message, when it is one of ours
    "message_class" VARCHAR, -- what sort of message
    "for_channel" VARCHAR, -- the channel
    "template" VARCHAR, -- its name where it was made
    "segments" BIGINT -- how many segments a text message has; each costs
);

-- It was handed over, and nobody knows whether it was taken. It is not sent again.
CREATE TABLE message_in_doubt (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "message" BIGINT, -- our own number of the message
    "for_channel" VARCHAR -- the channel
);

-- It has not reached the customer.
CREATE TABLE message_failed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "message" BIGINT, -- our own number of the message, when it is one of ours
    "for_channel" VARCHAR, -- the channel
    "failure" VARCHAR -- why
);

-- It was released and not handed over in time: it is asked anew, since the customer's situation may be another by now.
CREATE TABLE message_returned (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "message" BIGINT -- our own number of the message
);

-- The customer has told of an interest.
CREATE TABLE interest_declared (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "interest" VARCHAR, -- the interest, as the shop names it
    "until_at" TIMESTAMPTZ -- until when it matters
);

-- An interest is over.
CREATE TABLE interest_withdrawn (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "interest" VARCHAR -- the interest, as the shop names it
);

-- Something has happened in the customer's life, glad or sad.
CREATE TABLE life_event_noted (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "event" VARCHAR, -- what sort of thing, as the shop names it
    "mood" VARCHAR, -- glad, sad or neither
    "subject" VARCHAR -- what it touches, a category or interest
);

-- The customer has said yes to a purpose, in a channel or in all. `banner`: our own number of the banner whose settings said it.
CREATE TABLE consent_given (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "purpose" VARCHAR, -- what it is for, as the shop names it
    "for_channel" VARCHAR, -- the channel it is about
    "lifts_objection" BOOLEAN, -- the customer lifts an objection to direct marketing, in so many words
    "staff" BIGINT, -- who recorded it on the customer's word, by their number in the console
    "banner" BIGINT
);

-- The customer has said no to a purpose, or taken a yes back, in a channel or in all. `banner`: our own number of the banner
-- whose settings said it.
CREATE TABLE consent_withdrawn (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "purpose" VARCHAR, -- what it is for, as the shop names it
    "for_channel" VARCHAR, -- the channel it is about
    "is_objection" BOOLEAN, -- it is an objection to direct marketing: it covers all of it, in every channel
    "staff" BIGINT, -- who recorded it on the customer's word, by their number in the console
    "banner" BIGINT
);

-- A yes has come and changes nothing: the customer's objection to direct marketing stands above it.
CREATE TABLE consent_overruled (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "purpose" VARCHAR,
    "for_channel" VARCHAR
);

-- The customer has chosen how we may turn to them.
CREATE TABLE preference_changed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "preference" VARCHAR, -- which choice: channel, frequency, quiet_hours, pause, language, or a subject, as subject.cart
    "chosen" VARCHAR, -- what was chosen
    "for_channel" VARCHAR -- the channel it is about
);

-- Somebody has said in public what they think.
CREATE TABLE review_published (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "place" VARCHAR, -- where: the shop's own pages, a review site
    "rating" BIGINT, -- how many stars
    "best" BIGINT -- the most stars there are
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

-- The customer belongs to a household, company or club: Segment's group call.
CREATE TABLE customer_grouped (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "group" BIGINT -- the household, company or club
);

-- Two identifiers are one person's, says the sender: Segment's alias call. `previousId` and `userId` are in the personal part.
CREATE TABLE customer_aliased (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR -- the sender's own, as written
);

-- The account has left the device; what is done there from now on is not known to be its owner's.
CREATE TABLE signed_out (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR -- the sender's own, as written
);

-- Somebody who works here has seen that two customers are one person.
CREATE TABLE link_confirmed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "other" BIGINT -- the other customer
);

-- Somebody who works here has seen that two customers are two persons.
CREATE TABLE link_refused (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "other" BIGINT -- the other customer
);

-- Somebody who works here parts a person where two customers were linked: `one` and `two` are not the same person.
CREATE TABLE split_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it, 0 when a back-up was restored
    "one" BIGINT, -- one end of the link
    "two" BIGINT -- the other end of the link
);

-- Two customers are one person. `customer` of the fact is the person that lives on; `other` is the one that joins it.
-- `one` and `two`: the customers as recorded of whom it was shown (0: these two); `by`: what showed it, in LINKED_BY.
CREATE TABLE customers_linked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "other" BIGINT,
    "by" VARCHAR,
    "one" BIGINT,
    "two" BIGINT,
    "staff" BIGINT
);

-- What was one person is two. Both have such a fact: of the one that keeps the number, `left` names the customers that are
-- no longer theirs; of the other it is empty. `other` is the person on the other side; `by`: what showed it, in UNLINKED_BY.
CREATE TABLE customers_unlinked (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "other" BIGINT,
    "by" VARCHAR,
    "one" BIGINT,
    "two" BIGINT,
    "left" BIGINT[],
    "staff" BIGINT
);

-- Something shows that two customers are one person, and they were left apart: together they would be too many, or too much.
CREATE TABLE link_withheld (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "other" BIGINT,
    "by" VARCHAR,
    "one" BIGINT,
    "two" BIGINT
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

-- A customer who is set aside, because we had failed at them, is to be tried again. `staff` is 0 when a command asked for it.
CREATE TABLE retry_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT -- who asked for it, 0 for a command
);

-- The customer wants to be forgotten. `customer` of the fact says who; `staff` is 0 when a command asked for it.
CREATE TABLE erasure_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT -- who took the request, 0 for a command
);

-- Everything personal has left the log, in the transaction that this fact is in. What was counted stays counted.
CREATE TABLE customer_erased (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "customers" BIGINT,
    "parts" BIGINT,
    "identifiers" BIGINT,
    "numbers" BIGINT,
    "quarantined" BIGINT
);

-- Somebody has asked for one of their rights. We owe an answer within a calendar month of its reaching us.
-- `until_at` and `latest_at` are the end of the month, and of the three to which it can be lengthened, in the shop's zone.
CREATE TABLE rights_requested (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who took it down, 0 when they asked by themselves
    "right" VARCHAR, -- which right
    "reached_at" TIMESTAMPTZ, -- when it reached us, if earlier than now: the month counts from that day
    "until_at" TIMESTAMPTZ,
    "latest_at" TIMESTAMPTZ,
    "zone" VARCHAR
);

-- The answer takes longer, and they have been told why: three months from its reaching us instead of one, once.
CREATE TABLE rights_extended (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "promise" BIGINT, -- the request: the number of its promise
    "why" VARCHAR -- why it takes longer
);

-- They have had our answer: what has been done, and why the rest has not; or an erasure has answered whatever they asked.
-- `staff` is 0 when a command said it.
CREATE TABLE rights_answered (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who answered, 0 for a command
    "promise" BIGINT, -- the request: the number of its promise
    "outcome" VARCHAR -- what came of it
);

-- What we know about somebody was wrong, and has been put right. What is corrected and has no value is no longer known: `emptied`.
CREATE TABLE details_corrected (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "corrected" VARCHAR[], -- which details
    "region" VARCHAR, -- county or state
    "locale" VARCHAR, -- language, as in sv or en-GB
    "emptied" VARCHAR[]
);

-- What we know is kept, and nothing is done with it: nobody is asked how it was, no receiver is told.
CREATE TABLE processing_restricted (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT, -- who did it
    "why" VARCHAR -- why
);

-- Things are as before. They have been told so beforehand (article 18.3).
CREATE TABLE restriction_lifted (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT -- who did it
);

-- Everything we know about somebody has been put into a file, for them.
CREATE TABLE data_exported (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "sender_timestamp" VARCHAR, -- the sender's own, as written
    "staff" BIGINT -- who made it, 0 for a command
);

-- What a customer's facts up to a position had come to, in their place. It stands where the first of them stood, under its id.
-- `until`: the last position that it speaks for. `facts`: how many it stands for. `condensed_at`: by the store's clock. `digest`: BLAKE2b over
-- them, in log order. `state`: what was left of them, by names (`omtanke.engine.condensed`).
CREATE TABLE history_condensed (
    position BIGINT, fact_id BLOB, fact_kind VARCHAR, mode VARCHAR, source INTEGER, customer BIGINT, version INTEGER, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ, now TIMESTAMPTZ, channel VARCHAR, touchpoint VARCHAR, cause BLOB, reason VARCHAR, policy_version INTEGER, engine_version INTEGER,
    "until" BIGINT,
    "facts" BIGINT,
    "condensed_at" TIMESTAMPTZ,
    "digest" BLOB,
    "state" BLOB
);

-- Derived relations, whose definitions are in derived/<name>.sql; a printed question carries them with it.
--   promise: every promise as it stands.
--   answer: every answer to a question, what it measures, and what had become of the promise that it is about.
--   survey: every survey that was sent, and whether it was answered.

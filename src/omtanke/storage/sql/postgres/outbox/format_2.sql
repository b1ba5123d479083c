-- Messages to customers: two ways more, and what is sent at most once is marked before it is handed over (handed_at).
ALTER TABLE delivery DROP CONSTRAINT delivery_way_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_way_check CHECK (way IN ('webhook', 'mail', 'chat', 'customer_mail', 'customer_sms'));
ALTER TABLE delivery ADD COLUMN handed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX delivery_handed ON delivery (handed_at) WHERE handed_at <> 0;

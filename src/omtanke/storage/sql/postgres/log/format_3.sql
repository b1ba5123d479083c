-- What warehouses, stores and carriers manage, by day, is told by a few facts among millions; they are found by their type.
CREATE INDEX fact_of_capacity ON fact (type, position) WHERE type = 'capacity_changed';
-- What has left the house is found beside the promise about it.
CREATE INDEX fact_of_shipment ON fact (customer, position) WHERE type = 'order_shipped';

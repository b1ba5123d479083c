"""A shop of two orders, as Olist publishes them."""

from __future__ import annotations

ORDERS = """\
order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o1,c1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,2017-10-04 19:55:00,2017-10-10 21:25:13,2017-10-18 00:00:00
o2,c2,canceled,2017-10-03 09:00:00,2017-10-03 09:10:00,,,2017-10-20 00:00:00
"""
CUSTOMERS = """\
customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
c1,person1,03149,sao paulo,SP
c2,person1,03149,sao paulo,SP
"""
ITEMS = """\
order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o1,1,p1,s1,2017-10-06 11:07:15,29.99,8.72
"""
PAYMENTS = """\
order_id,payment_sequential,payment_type,payment_installments,payment_value
o1,1,credit_card,1,18.12
o1,2,voucher,1,20.59
"""
REVIEWS = """\
review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp
r1,o1,4,,"Não testei o produto ainda,\nmas chegou bem",2017-10-11 00:00:00,2017-10-12 03:43:48
"""
PRODUCTS = """\
"product_id","product_category_name"
p1,utilidades_domesticas
"""
SELLERS = """\
"seller_id","seller_zip_code_prefix","seller_city","seller_state"
s1,"09350",maua,SP
"""
TRANSLATION = "\ufeffproduct_category_name,product_category_name_english\nutilidades_domesticas,housewares\n"

FILES = {
    "olist_orders_dataset.csv": ORDERS,
    "olist_customers_dataset.csv": CUSTOMERS,
    "olist_order_items_dataset.csv": ITEMS,
    "olist_order_payments_dataset.csv": PAYMENTS,
    "olist_order_reviews_dataset.csv": REVIEWS,
    "olist_products_dataset.csv": PRODUCTS,
    "olist_sellers_dataset.csv": SELLERS,
    "product_category_name_translation.csv": TRANSLATION,
}

[
  {
    "name": "mystorage1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270312T00:00:00",
    "renewal_price_amount": 24.0,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 4.0,
    "type": "cloudstorage",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "myserver1",
    "status": "LIVE",
    "nickname": "www",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 21.60,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 4.34,
    "type": "miniserver",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "myserver2",
    "status": "LIVE",
    "nickname": "mail",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 21.60,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 4.34,
    "type": "miniserver",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "myserver3",
    "status": "LIVE",
    "nickname": "db",
    "start_date": "20250629T00:00:00",
    "expiry_date": "20270630T00:00:00",
    "renewal_price_amount": 178.80,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 29.80,
    "type": "fullserver",
    "network_zones": [
      "dunsfold"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "msstore1",
    "status": "LIVE",
    "nickname": "backups",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 12.00,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 2.00,
    "type": "cloudstorage",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Example Community Cloud"
  },
  {
    "name": "mylb1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 60.00,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 10.00,
    "type": "loadbalancer",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "mycluster1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 120.00,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 20.00,
    "type": "cluster",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "myvlan1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 6.00,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 1.00,
    "type": "vlan",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "myvlan2",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 6.00,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 1.00,
    "type": "vlan",
    "network_zones": [
      "dunsfold"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "myproject1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 0.00,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 0.00,
    "type": "openstack",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "brokenserver1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 21.60,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 4.34,
    "type": "miniserver",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "busyserver1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 21.60,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 4.34,
    "type": "miniserver",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  },
  {
    "name": "failingserver1",
    "status": "LIVE",
    "nickname": "",
    "start_date": "20261015T00:00:00",
    "expiry_date": "20270115T00:00:00",
    "renewal_price_amount": 21.60,
    "renewal_price_currency": "GBP",
    "renewal_price_vat": 4.34,
    "type": "miniserver",
    "network_zones": [
      "reading"
    ],
    "data_zone": "Memset Public Cloud"
  }
]

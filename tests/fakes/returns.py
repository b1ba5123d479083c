"""Mail that comes back, in the forms of Postfix, Exchange Online and Gmail, and a complaint as RFC 5965 shows one; written by hand after these."""

from __future__ import annotations

RETURNED = """\
Return-Path: <{to}>
Message-ID: <1234@butiken.example>
From: "Butiken" <hej@butiken.example>
To: maja@example.com
Subject: =?utf-8?q?Tack_f=C3=B6r_din_order?=
"""

POSTFIX = """\
Return-Path: <>
Delivered-To: {to}
Date: Mon, 16 Nov 2026 09:01:12 +0100 (CET)
From: MAILER-DAEMON@mx.butiken.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ.1763280072/mx.butiken.example"
Content-Transfer-Encoding: 8bit

This is a MIME-encapsulated message.

--4XyZ.1763280072/mx.butiken.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.butiken.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<maja@example.com>: host mx.example.com[192.0.2.7] said: {code} {status} (in reply to RCPT TO command)

--4XyZ.1763280072/mx.butiken.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.butiken.example
X-Postfix-Queue-ID: 4XyZ
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Mon, 16 Nov 2026 09:01:10 +0100 (CET)

Final-Recipient: rfc822; maja@example.com
Original-Recipient: rfc822;maja@example.com
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; {code} {status} <maja@example.com>: Recipient address
    rejected: User unknown

--4XyZ.1763280072/mx.butiken.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{returned}
--4XyZ.1763280072/mx.butiken.example--
"""

EXCHANGE = """\
From: <postmaster@example.onmicrosoft.com>
To: <{to}>
Date: Mon, 16 Nov 2026 08:01:12 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="a1b2c3d4-0000-4000-8000-000000000001"
Content-Language: en-GB
Message-ID: <a1b2c3@AM0PR01MB0001.eurprd01.prod.exchangelabs.example>
In-Reply-To: <1234@butiken.example>
Subject: Undeliverable: Tack
Auto-Submitted: auto-replied
X-MS-Exchange-Message-Is-Ndr:

--a1b2c3d4-0000-4000-8000-000000000001
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="a1b2c3d4-0000-4000-8000-000000000002"

--a1b2c3d4-0000-4000-8000-000000000002
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to maja@example.com couldn't be delivered.

--a1b2c3d4-0000-4000-8000-000000000002
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Your message couldn't be delivered.</p></body></html>

--a1b2c3d4-0000-4000-8000-000000000002--

--a1b2c3d4-0000-4000-8000-000000000001
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.exchangelabs.example
Received-From-MTA: dns;mx.butiken.example
Arrival-Date: Mon, 16 Nov 2026 08:01:10 +0000

Final-Recipient: rfc822;maja@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{code} {status} RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--a1b2c3d4-0000-4000-8000-000000000001
Content-Type: message/rfc822

{returned}
Hej Maja!

--a1b2c3d4-0000-4000-8000-000000000001--
"""

GMAIL = """\
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
Date: Mon, 16 Nov 2026 00:01:12 -0800 (PST)
Content-Type: multipart/report; boundary="0000000000001a2b3c"; report-type=delivery-status

--0000000000001a2b3c
Content-Type: multipart/related; boundary="0000000000001a2b3d"

--0000000000001a2b3d
Content-Type: multipart/alternative; boundary="0000000000001a2b3e"

--0000000000001a2b3e
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--0000000000001a2b3e
Content-Type: text/html; charset="UTF-8"

<html><body>Address not found</body></html>

--0000000000001a2b3e--
--0000000000001a2b3d--
--0000000000001a2b3c
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; hej@butiken.example
Arrival-Date: Mon, 16 Nov 2026 00:01:10 -0800 (PST)
X-Original-Message-ID: <1234@butiken.example>

Final-Recipient: rfc822; maja@example.com
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.com. (192.0.2.7, the server for the domain example.com.)
Diagnostic-Code: smtp; {code}-{status} The email account that you tried to reach does not exist.
 {code} {status} Please try double-checking the recipient's email address. - gsmtp
Last-Attempt-Date: Mon, 16 Nov 2026 00:01:12 -0800 (PST)

--0000000000001a2b3c
Content-Type: message/rfc822

{returned}
Hej Maja!

--0000000000001a2b3c--
"""

# As RFC 5965 shows it, without the recipient, whom mail services leave out.
COMPLAINT = """\
From: <abusedesk@example.com>
Date: Mon, 16 Nov 2026 17:40:36 +0100
Subject: FW: Kvar i korgen
To: <fbl@butiken.example>
Message-ID: <20261116.1234@example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.1 on Mon, 16 Nov 2026 14:00:00 +0100.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{to}>
Arrival-Date: Mon, 16 Nov 2026 14:00:00 +0100
Reported-Domain: butiken.example
Source-IP: 192.0.2.1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

From: <hej@butiken.example>
Subject: Kvar i korgen

Hej!

--part1_13d.2e68ed54_boundary--
"""

FORMS = {"postfix": POSTFIX, "exchange": EXCHANGE, "gmail": GMAIL}


def bounce(form: str, to: str, status: str = "5.1.1", code: str = "550", action: str = "failed") -> bytes:
    """A report on a mail that was sent from the address `to`, as it goes over the wire."""
    text = FORMS[form].format(to=to, status=status, code=code, action=action, returned=RETURNED.format(to=to))
    return text.replace("\n", "\r\n").encode()


def complaint(to: str, kind: str = "abuse") -> bytes:
    """A complaint about a mail that was sent from the address `to`."""
    return COMPLAINT.format(to=to, kind=kind).replace("\n", "\r\n").encode()

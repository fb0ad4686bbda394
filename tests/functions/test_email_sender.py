"""The function email-sender."""

import boto3
import pytest

CONFIRMED = {"to": "ada@example.com", "template": "order-confirmed", "values": {"order": "o-1", "name": "Ada"}}


def test_a_request_becomes_the_message_it_asks_for(load, batch):
    """The template is filled with the values of the request."""
    sent = []
    assert load("email-sender").handle(batch(CONFIRMED), None, send=sent.append) == {"batchItemFailures": []}
    [message] = sent
    assert message.to == "ada@example.com"
    assert message.subject == "Your order o-1"
    assert message.text.startswith("Thank you, Ada.")


@pytest.mark.parametrize(
    "broken",
    [
        {**CONFIRMED, "template": "unknown"},
        {**CONFIRMED, "values": {"order": "o-1"}},
        {"template": "order-confirmed"},
        "no object",
    ],
)
def test_a_broken_request_is_named_and_never_half_sent(load, broken, batch):
    """An unknown template or a missing value goes back to the queue; the others are sent once."""
    sent = []
    answer = load("email-sender").handle(batch(broken, CONFIRMED), None, send=sent.append)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert [message.to for message in sent] == ["ada@example.com"]


def test_messages_leave_through_ses_from_our_address(load, aws, batch):
    """SES sends from the address of the catalog file, which must be a verified one."""
    module = load("email-sender")
    boto3.client("sesv2").create_email_identity(EmailIdentity="shop@acme.example")
    assert module.handle(batch(CONFIRMED), None) == {"batchItemFailures": []}
    assert boto3.client("ses").get_send_quota()["SentLast24Hours"] == 1


def test_an_address_ses_does_not_know_is_a_failure(load, aws, batch):
    """Without a verified identity nothing is sent and the message stays."""
    assert load("email-sender").handle(batch(CONFIRMED), None) == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}

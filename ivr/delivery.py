"""The channels of notices that are switched on in the settings, over the carrier's client."""

from __future__ import annotations

from booking.channels import Channel, Sms
from ivr.carriers.twilio.client import TwilioClient
from ivr.carriers.twilio.whatsapp import WhatsApp
from ivr.mail import Mail
from ivr.settings import Settings


def channels_of(settings: Settings, client: TwilioClient) -> dict[str, Channel]:
    """A channel by its name, as notices name it."""
    own = settings.notices
    every: dict[str, Channel] = {
        "sms": Sms(client.send_message, client.sent_message),
        "whatsapp": WhatsApp(client, own.whatsapp_number),
        "mail": Mail(own.mail_server, own.mail_from, settings.brand.name_en),
    }
    return {name: every[name] for name in own.channels}

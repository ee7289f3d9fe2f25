"""Routes of messages."""

from platform_site.kit.routes import SIGNED_IN, route
from platform_site.messages.pages.inbox import inbox, read

app_name = "messages"
urlpatterns = [
    route("", inbox, name="inbox", roles=SIGNED_IN, scope="own messages"),
    route("read/", read, name="read", roles=SIGNED_IN, scope="own messages", audit="message.read"),
]

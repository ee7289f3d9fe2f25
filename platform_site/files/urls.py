"""Routes of files."""

from platform_site.files.pages.download import download
from platform_site.kit.routes import SIGNED_IN, route

app_name = "files"
urlpatterns = [
    route("<uuid:file_id>/", download, name="download", roles=SIGNED_IN, scope="owner and granted organisations")
]

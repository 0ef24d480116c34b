"""The face's factory. ``create_app(cartulario)`` wires Flask to an engine that is already built; called by the command
line (``serve``), by the demo and by the tests. It holds no state of its own besides the rate limits of its process.
"""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.app import Cartulario
from web import dates, errors, i18n, layout, manifest, security
from web.api import mount_api
from web.demo import people as demo_people
from web.pages import register_pages
from web.sign_in import login


def create_app(cartulario: Cartulario) -> Flask:
    config = cartulario.config
    app = Flask("web", static_folder="static", template_folder="templates")
    app.extensions["cartulario"] = cartulario
    app.config.update(
        SECRET_KEY=security.secret_key(config),
        MAX_CONTENT_LENGTH=6 * config.max_upload,  # several files, each measured on its own
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=2_000,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.init_app(app, config)
    i18n.init_app(app, config)
    dates.init_app(app)
    manifest.init_app(app)
    login.init_app(app)
    layout.init_app(app)
    errors.init_app(app)
    demo_people.init_app(app)
    register_pages(app)
    mount_api(app, cartulario)
    if config.secure_cookies:  # TLS ends in a proxy in front of us: the address of a person is the one it reports
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as Flask tells
    return app

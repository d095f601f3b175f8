"""Personal data (户主, 身份证号, 电话): encrypted at rest, masked, unmasked one at a time.

All personal fields of a record are one sealed box, AES-256-GCM, bound to its layer, so that a box
copied into another layer does not open.
"""

import base64
import json
import os
from collections.abc import Mapping
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.roles import Action
from layers.errors import BadRequest, ServiceError
from layers.models.access import Unmasking, User
from layers.models.feature import Feature
from layers.registry.specification import Layer

NONCE_BYTES = 12
MASK = "＊＊＊"


class SealBroken(ServiceError):
    code = "seal-broken"


@cache
def _cipher_of(key: str) -> AESGCM:
    return AESGCM(base64.urlsafe_b64decode(key))


def _cipher() -> AESGCM:
    return _cipher_of(settings.FIELD_KEY)


def seal(layer: Layer, values: Mapping[str, str]) -> bytes | None:
    """Encrypt the non-empty values; None where there is nothing to keep."""
    kept = {name: value for name, value in values.items() if value}
    if not kept:
        return None
    nonce = os.urandom(NONCE_BYTES)
    plain = json.dumps(kept, ensure_ascii=False).encode()
    return nonce + _cipher().encrypt(nonce, plain, layer.name.encode())


def unseal(layer: Layer, box: bytes | memoryview | None) -> dict[str, str]:
    """Raises SealBroken when the key is another or the bytes were changed."""
    if not box:
        return {}
    data = bytes(box)
    try:
        plain = _cipher().decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], layer.name.encode())
    except InvalidTag as error:
        raise SealBroken(
            _("The personal data of this record cannot be opened."),
            remedy=_("Check that FIELD_KEY is the key the data was written with."),
        ) from error
    values: dict[str, str] = json.loads(plain)
    return values


@transaction.atomic
def unmask(*, actor: User, layer: Layer, feature: Feature, reason: str) -> dict[str, str]:
    """Open one record's personal data and journal who looked, and why."""
    policy.require(actor, Action.UNMASK, feature.division_id)
    if not reason.strip():
        raise BadRequest(_("Say why you need to see this."), remedy=_("Give a reason."))
    Unmasking.objects.create(
        user=actor,
        layer=layer.name,
        feature_id=feature.pk,
        division=feature.division_id,
        reason=reason.strip()[:200],
    )
    return unseal(layer, feature.personal)

"""Tables of accounts: accounts, sessions, tokens, audit."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from onegrid.accounts.rules import AccountRole, AuditKind, digest
from onegrid.kernel import clock
from onegrid.kernel.ids import new_id


class Account(AbstractBaseUser):
    """Whoever may log in: a person with a password, or a machine with tokens."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.TextField(unique=True, db_collation="C")
    name = models.TextField()
    kind = models.TextField(choices=[("person", "人员"), ("machine", "机器")])
    role = models.TextField(default="", choices=[(role.value, role.name) for role in AccountRole])
    territory = models.TextField(default="", db_collation="C")  # a machine's own subtree
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        db_table = "accounts_account"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "machine"]), name="accounts_kind_known"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in AccountRole]), name="accounts_role_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="person", territory="") | Q(kind="machine", role=""),
                name="accounts_person_or_machine",
            ),
        ]


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the cost OWASP recommends (19 MiB, two passes): Django's 100 MiB each would let
    a handful of sign-ins at once take all memory of a small machine."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


class Session(AbstractBaseSession):
    """One sign-in of one browser or phone. The key is stored as its digest only."""

    session_key = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    last_seen_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(DatabaseSessionStore):
    """Django's sessions in our own table, so that one join finds session and account, and a copy of
    the database opens no session: the cookie holds the key, the table its digest."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(
            session_key=digest(self.session_key or "").hex(), expire_date__gt=clock.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str | None = None) -> bool:
        return Session.objects.filter(session_key=digest(session_key or "").hex()).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        return Session(
            session_key=digest(self._get_or_create_session_key()).hex(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            account_id=data.get("_auth_user_id"),
            last_seen_at=clock.now(),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=digest(key).hex()).delete()


class Token(models.Model):
    """A machine's key. Only the digest of the secret is kept; the secret is shown once."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    shown = models.TextField()  # the first characters of the secret
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_token"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="accounts_token_ends"
            )
        ]


class AuditRow(models.Model):
    """One audited event. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    pk = models.CompositePrimaryKey("at", "id")
    at = models.DateTimeField()
    id = models.UUIDField()
    kind = models.TextField()
    account_id = models.UUIDField(null=True)
    name = models.TextField()
    address = models.GenericIPAddressField(null=True)
    method = models.TextField()
    path = models.TextField()
    status = models.SmallIntegerField(null=True)
    code = models.TextField()
    detail = models.TextField()

    class Meta:
        db_table = "accounts_audit"
        indexes = [models.Index(fields=["account_id", "at", "id"], name="accounts_audit_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AuditKind]), name="accounts_audit_kind"
            )
        ]

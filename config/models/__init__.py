from config.models.backup import BackupRun
from config.models.cdn import CdnPurge
from config.models.heartbeat import Heartbeat
from config.models.invitation import Invitation
from config.models.recovery import RecoveryCode
from config.models.signin import SignIn

__all__ = ["BackupRun", "CdnPurge", "Heartbeat", "Invitation", "RecoveryCode", "SignIn"]

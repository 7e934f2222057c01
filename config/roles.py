"""What each role may do (docs/architecture.md has the table). Owners are superusers and need no group."""

CONTRIBUTOR = [
    "blog.add_post",
    "blog.change_post",
    "blog.view_post",
    "blog.add_image",
    "blog.change_image",
    "blog.view_image",
]
AUTHOR = [
    *CONTRIBUTOR,
    "blog.delete_post",
    "blog.publish_post",
    "blog.add_series",
    "comments.view_comment",
    "comments.moderate_own_comment",
]
EDITOR = [
    *AUTHOR,
    "blog.change_any_post",
    "blog.add_page",
    "blog.change_page",
    "blog.delete_page",
    "blog.view_page",
    "blog.delete_image",
    "blog.add_label",
    "blog.change_label",
    "blog.delete_label",
    "blog.view_label",
    "blog.change_series",
    "blog.delete_series",
    "blog.view_series",
    "blog.add_oldpath",
    "blog.change_oldpath",
    "blog.delete_oldpath",
    "blog.view_oldpath",
    "blog.change_missingpath",
    "blog.delete_missingpath",
    "blog.view_missingpath",
]
MODERATOR = [
    "comments.view_comment",
    "comments.moderate_any_comment",
    "comments.view_moderationevent",
    "comments.view_commenter",
    "comments.change_commenter",
    "comments.add_blockrule",
    "comments.change_blockrule",
    "comments.delete_blockrule",
    "comments.view_blockrule",
]

ROLES = {"Contributor": CONTRIBUTOR, "Author": AUTHOR, "Editor": EDITOR, "Moderator": MODERATOR}


def make_roles(apps) -> None:
    """Makes the groups that are missing and gives each what it may do; takes nothing away that an owner added.

    `apps` is django.apps.apps or a migration's: permissions must exist in it (create_permissions).
    """
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for permission in permissions:
            app, codename = permission.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))

"""Who is let in at each address, to look (GET) and to act (POST), by the first letters of furnished.ROLES.

What lies there is somebody else's: what is one's own has tables of its own (tests/config/test_roles.py,
tests/comments/test_roles.py). An address that is new belongs here before its test passes: who may come in?
"""

WHO = {
    ("arCAEMO", "-------"): """
        home year month post feed_atom feed_rss feed_json archive search page labels label label_atom label_rss
        label_json author author_atom author_rss author_json series series_atom series_rss series_json media /
        /%(year)s_%(month)s_archive.html robots speculation colours favicon opensearch manifest icon sitemap_index
        /sitemap-lists.xml /sitemap-pages.xml /sitemap-labels.xml /sitemap-series.xml
        /sitemap-posts-%(year)s-%(month)s.xml thread_feed page_thread_feed comment report_thanks comments_feed
        password_sent
    """,
    ("----E-O", "-------"): """
        preview_post preview_frame admin:blog_page_suggest_labels admin:blog_page_suggest_series
        admin:blog_page_suggest_posts admin:blog_page_history admin:blog_page_reads admin:blog_post_history
        admin:blog_post_reads
    """,
    ("arCAEMO", "arCAEMO"): """
        preview_link write_comment follow_post write_page_comment follow_page report_comment comment_status
        comment_edit comment_withdraw comment_appeal comment_mail comment_mine comment_forget prove follow mine
        mine_export mine_erase mine_forget mine_unfollow moderate unsubscribe sign_in password_forgotten
        admin_password_reset password_new admin:login sign_in_code invitation
    """,
    ("-------", "arCAEMO"): """
        read sign_out
    """,
    ("-------", "-------"): """
        /search/label/%(name)s /sitemap-pages-%(part)s.xml /sitemap-labels-%(part)s.xml /sitemap-series-%(part)s.xml
        /sitemap-posts-%(year)s-%(month)s-%(part)s.xml admin:autocomplete admin:blog_mail_add admin:blog_mail_delete
        admin:blog_missingpath_send admin:blog_missingpath_add admin:blog_page_compare admin:blog_page_restore
        admin:blog_post_compare admin:blog_post_restore admin:blog_sitesettings_add admin:blog_sitesettings_delete
        admin:comments_comment_add admin:comments_commenter_add admin:comments_moderationevent_add
        admin:comments_moderationevent_delete admin:comments_commentsettings_add
        admin:comments_commentsettings_delete admin:/admin/%(url)s
    """,
    ("--CAEMO", "--CAEMO"): """
        admin:account admin:second_step admin:index admin:password_change admin:/admin/blog/image/%(object_id)s/
        admin:/admin/blog/label/%(object_id)s/ admin:/admin/blog/mail/%(object_id)s/
        admin:/admin/blog/missingpath/%(object_id)s/ admin:/admin/blog/oldpath/%(object_id)s/
        admin:/admin/blog/page/%(object_id)s/ admin:/admin/blog/post/%(object_id)s/
        admin:/admin/blog/series/%(object_id)s/ admin:blog_sitesettings_changelist
        admin:/admin/blog/sitesettings/%(object_id)s/ admin:/admin/blog/user/%(object_id)s/
        admin:/admin/comments/blockrule/%(object_id)s/ admin:comments_comment_mail
        admin:/admin/comments/comment/%(object_id)s/ admin:/admin/comments/commenter/%(object_id)s/
        admin:/admin/comments/moderationevent/%(object_id)s/ admin:/admin/comments/labelpolicy/%(object_id)s/
        admin:comments_commentsettings_changelist admin:/admin/comments/commentsettings/%(object_id)s/
    """,
    ("ar-----", "arCAEMO"): """
        admin:logout
    """,
    ("-------", "--CAEMO"): """
        admin:second_step_codes admin:second_step_off
    """,
    ("--CAEMO", "-------"): """
        admin:password_change_done admin:jsi18n
    """,
    ("--CAE-O", "--CAE-O"): """
        admin:blog_image_pick admin:blog_image_words admin:blog_image_bulk admin:blog_image_changelist
        admin:blog_image_add admin:blog_image_history admin:blog_post_changelist
        admin:blog_post_add admin:app_list
    """,
    # The image is the site's logo: others see it, but it is not theirs to change.
    ("--CAE-O", "----E-O"): """
        admin:blog_image_change
    """,
    ("-------", "--CAE-O"): """
        admin:blog_image_upload admin:blog_post_suggest_excerpt admin:blog_post_checklist
        admin:blog_post_autosave_new
    """,
    ("----E-O", "----E-O"): """
        admin:blog_image_delete admin:blog_label_changelist admin:blog_label_add admin:blog_label_history
        admin:blog_label_delete admin:blog_label_change admin:blog_missingpath_changelist
        admin:blog_missingpath_history admin:blog_missingpath_delete admin:blog_missingpath_change
        admin:blog_oldpath_changelist admin:blog_oldpath_add admin:blog_oldpath_history admin:blog_oldpath_delete
        admin:blog_oldpath_change admin:blog_page_previews admin:blog_page_notes admin:blog_page_changelist
        admin:blog_page_add admin:blog_page_delete admin:blog_page_change admin:blog_post_previews
        admin:blog_post_notes admin:blog_post_delete admin:blog_post_change admin:blog_series_changelist
        admin:blog_series_history admin:blog_series_delete admin:blog_series_change
    """,
    ("------O", "------O"): """
        admin:blog_mail_changelist admin:blog_mail_history admin:blog_sitesettings_history
        admin:blog_sitesettings_change admin:auth_user_password_change admin:blog_user_changelist
        admin:blog_user_add admin:blog_user_history admin:blog_user_delete admin:blog_user_change
        admin:comments_comment_filter_reset admin:comments_comment_filter_import admin:comments_comment_filter_retrain
        admin:comments_comment_delete
        admin:comments_commenter_account_delete admin:comments_commenter_delete
        admin:comments_labelpolicy_changelist admin:comments_labelpolicy_add admin:comments_labelpolicy_history
        admin:comments_labelpolicy_delete admin:comments_labelpolicy_change admin:comments_commentsettings_history
        admin:comments_commentsettings_change admin:sign_in_settings admin:invitations
    """,
    ("------O", "-------"): """
        admin:blog_mail_change admin:comments_comment_filter_export admin:comments_commentsettings_tried
        admin:wellbeing
    """,
    ("-------", "----E-O"): """
        admin:blog_missingpath_gone admin:blog_missingpath_leave admin:blog_page_suggest_excerpt
        admin:blog_page_checklist admin:blog_page_autosave_new admin:blog_page_autosave admin:blog_page_discard
        admin:blog_page_revoke admin:blog_page_settle admin:blog_page_reopen admin:blog_page_publish
        admin:blog_page_offline admin:blog_page_review admin:blog_page_duplicate admin:blog_page_bin
        admin:blog_post_autosave admin:blog_post_discard admin:blog_post_revoke admin:blog_post_settle
        admin:blog_post_reopen admin:blog_post_publish admin:blog_post_offline admin:blog_post_review
        admin:blog_post_duplicate admin:blog_post_bin
    """,
    ("--CAE-O", "-------"): """
        admin:blog_post_links admin:blog_post_calendar admin:blog_post_suggest_labels admin:blog_post_suggest_series
        admin:blog_post_suggest_posts
    """,
    ("---AE-O", "---AE-O"): """
        admin:blog_series_add
    """,
    ("-----MO", "-----MO"): """
        admin:comments_blockrule_test admin:comments_blockrule_import admin:comments_blockrule_changelist
        admin:comments_blockrule_add admin:comments_blockrule_history admin:comments_blockrule_delete
        admin:comments_blockrule_change admin:comments_comment_edit admin:comments_comment_history
        admin:comments_commenter_changelist admin:comments_commenter_history admin:comments_postpolicy_change
    """,
    ("-----MO", "-------"): """
        admin:comments_blockrule_export admin:comments_comment_filter admin:comments_comment_filter_progress
        admin:comments_comment_bulk admin:comments_comment_change admin:comments_commenter_account
        admin:comments_commenter_change admin:comments_moderationevent_export
        admin:comments_moderationevent_changelist admin:comments_moderationevent_history
        admin:comments_moderationevent_change
    """,
    ("-------", "------O"): """
        admin:comments_comment_filter_stop admin:comments_commenter_note_delete admin:comments_commentsettings_try
        admin:wellbeing_look
        admin:invitation_send admin:invitation_withdraw admin:sign_in_end admin:sign_ins_end
    """,
    ("-------", "-----MO"): """
        admin:comments_comment_undo admin:comments_comment_reply admin:comments_comment_approve
        admin:comments_comment_reject admin:comments_comment_spam admin:comments_comment_remove
        admin:comments_comment_restore admin:comments_commenter_block admin:comments_commenter_unblock
        admin:comments_commenter_note admin:comments_commenter_account_block
        admin:comments_commenter_account_unblock admin:comments_commenter_account_note
    """,
    ("-------", "---AEMO"): """
        admin:comments_comment_approve_selected admin:comments_comment_reject_selected
        admin:comments_comment_spam_selected admin:comments_comment_remove_selected
        admin:comments_comment_restore_selected
    """,
    ("---AEMO", "-------"): """
        admin:comments_comment_changelist
    """,
}
DOORS = {name: who for who, names in WHO.items() for name in names.split()}

"""The wording of notices, edited by people: `/admin/notices`."""

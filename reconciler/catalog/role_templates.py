"""The standard security roles by their template ids, which are the same in every environment. Pure.

Source: MicrosoftDocs/powerapps-docs, developer/data-platform/security-roles.md (1cbdbbce58d1). Names of roles are not: an
organization created in another language has translated ones, and administrators rename them.
"""

from __future__ import annotations

ROLE_TEMPLATES = (
    ("system-administrator", "627090ff-40a3-4053-8790-584edc5be201"),
    ("system-customizer", "119f245c-3cc8-4b62-b31c-d1a046ced15d"),
    ("support-user", "2d101bb3-5ced-4122-83f1-94d5efde4e3b"),
    ("proxy", "d892cc0b-28c7-4e88-bd92-72f2c366baed"),
    ("basic-user", "236750cd-45ae-4939-ab12-b24b920ced93"),
    ("ceo-business-manager", "85937b6b-91a1-46ed-9778-929fc9f61812"),
    ("vice-president-of-sales", "29123793-6ae5-4955-9f1a-f10ceb9705f1"),
    ("sales-manager", "c0ed2f4f-6f92-4691-92ba-78f2931e8fba"),
    ("salesperson", "a4be89ff-7c35-4d69-9900-999c3f603e6f"),
    ("customer-service-representative", "ecfd0b44-5720-45e3-ae68-417ddb0fb654"),
    ("customer-service-manager", "1808b939-dd07-4ca7-aa99-ddd2734378f1"),
    ("marketing-professional", "09a25608-d28b-4d47-b57c-79271fe6a525"),
    ("schedule-manager", "debec338-bca7-4882-ae04-84e6ddda2984"),
    ("vice-president-of-marketing", "6caba073-59a8-4d6b-8e7b-4ccb50c5166b"),
    ("marketing-manager", "d9d602db-2761-4170-877f-983494567c08"),
    ("scheduler", "dcd60b89-421c-44ae-bff0-dd6323df885c"),
    ("knowledge-manager", "b4b40b17-cf37-4ea8-b2c5-b580f2f48654"),
)

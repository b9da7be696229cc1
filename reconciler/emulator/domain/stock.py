"""What every organization is delivered with: roles, solutions, custom controls, e-mail templates and forms. Pure.

Names and ids are those of public documentation and of solution exports (see docs/emulator-domain.md); the texts are our own.
"""

from __future__ import annotations

from reconciler.catalog.widgets import SALES_INSIGHTS_FORMS
from reconciler.emulator.domain.scenario import EmailTemplate, Form, Solution

ROLE_NAMES = {
    "system-administrator": "System Administrator",
    "system-customizer": "System Customizer",
    "support-user": "Support User",
    "proxy": "Proxy",
    "basic-user": "Basic User",
    "ceo-business-manager": "CEO-Business Manager",
    "vice-president-of-sales": "Vice President of Sales",
    "sales-manager": "Sales Manager",
    "salesperson": "Salesperson",
    "customer-service-representative": "Customer Service Representative",
    "customer-service-manager": "CSR Manager",
    "marketing-professional": "Marketing Professional",
    "schedule-manager": "Schedule Manager",
    "vice-president-of-marketing": "Vice President of Marketing",
    "marketing-manager": "Marketing Manager",
    "scheduler": "Scheduler",
    "knowledge-manager": "Knowledge Manager",
}
"""Names of the built-in roles in an organization whose base language is English."""

ROLES_WITHOUT_TEMPLATE = ("Environment Maker", "Delegate", "Sales Enterprise app access", "Sales Team Member", "Sales Copilot User")

STANDARD_SOLUTION = "msdynce_Sales"
"""Where managed forms come from unless a scenario says otherwise. That the standard forms stand in this solution is an assumption."""

SOLUTIONS = (
    Solution(uniqueName="Active", name="Active Solution"),
    Solution(uniqueName="Default", name="Default Solution"),
    Solution(uniqueName=STANDARD_SOLUTION, name="Dynamics 365 Sales", managed=True, version="9.0.25031.10001"),
    Solution(uniqueName="RelationshipAnalytics", name="Relationship Analytics", managed=True, version="9.0.25031.10001"),
    Solution(uniqueName="msdyn_connectiongraph", name="Connection Graph", managed=True, version="9.2.25031.10001"),
    Solution(uniqueName="SalesInsightsAddOn", name="Sales Insights Add On", managed=True, version="9.0.25031.10001"),
    Solution(uniqueName="SalesInsightsMDLConfig", name="Sales Insights MDL Config", managed=True, version="9.0.25031.10001"),
    Solution(
        uniqueName="msdynce_RelationshipAssistantAddOn", name="Relationship Assistant Add On", managed=True, version="9.0.25031.10001"
    ),
)

CONTROLS = (
    "MsdynControls.WKWControls.ConnectionsWidget",
    "MsdynControls.RAControls.HealthWidget",
    "MscrmControls.RAContainer.RAControlv2",
    "MscrmControls.RAContainer.RAControl",
    "MscrmControls.Sales.PredictiveScoringWidget.PredictiveScoringWidget",
    "MscrmControls.CardFeedContainer.CardFeedContainer",
    "MscrmControls.TalkingPointsControl.TalkingPoints",
    "MscrmControls.AcceleratedSales.CadenceWidgetControl",
    "MscrmControls.PowerBIPCFControl",
    "msdyn_SalesOmniChannel.SalesPhoneNumberControl",
    "msdyn_Sales.Controls.CopilotSummaryWidget",
)

TEMPLATES = (
    EmailTemplate(title="Introduction template", subject="Could you introduce me?", body="Hello, I see that you know this person."),
    EmailTemplate(title="Thank you for registering", type="lead", subject="Thank you", body="Thank you for registering with us."),
)

_STANDARD_FORMS = (
    ("lead", "Lead", "e3b6ddb7-8df0-4410-ac7b-fd32e5053d38"),
    ("contact", "Contact", "1fed44d1-ae68-4a41-bd2b-f13acac4acfa"),
    ("account", "Account", "8448b78f-8f42-454e-8e2a-f8196b0419af"),
    ("opportunity", "Opportunity", "a837e4a7-01b8-4f82-a475-be9abd67e667"),
)

_INSIGHTS_NAMES = {"contact": "AI for Sales"}

FORMS = (
    *(Form(table=table, name=name, id=id, builtin=table, managed=True) for table, name, id in _STANDARD_FORMS),
    *(
        Form(table=table, name=_INSIGHTS_NAMES.get(table, "Sales Insights"), id=id, builtin=f"{table}_sales_insights", managed=True)
        for table, id in SALES_INSIGHTS_FORMS
    ),
)

VIEWS = (
    ("lead", "My Open Leads"),
    ("contact", "My Active Contacts"),
    ("account", "My Active Accounts"),
    ("opportunity", "My Open Opportunities"),
)

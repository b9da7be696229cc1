"""Writes a workspace of many believable environment files."""

from __future__ import annotations

from pathlib import Path

_TEXT = """\
# yaml-language-server: $schema=../schemas/environment.schema.json
apiVersion: rictl/v1
kind: Environment
metadata:
  name: {name}
  labels: {{tier: {tier}, region: emea}}
  owner: crm-platform

connection:
  url: https://{name}.crm4.dynamics.com
  tenantId: 11111111-1111-1111-1111-111111111111
  clientId: 22222222-2222-2222-2222-222222222222

serviceGeneration: native-exchange
accept:
  - inferred-master-switch
  - inferred-activation-by-patch
  - inferred-exchange-source
  - inferred-role-storage
  - inferred-options-table
  - inferred-widget-xml

attestations:
  termsAccepted: {{by: crm-platform, date: 2026-11-01}}
  exchangeDataLocation: {{country: FR, by: m365-admins, date: 2026-11-02}}
  exchangeConsent: {{granted: true, by: m365-admins, date: 2026-11-03}}

relationshipIntelligence:
  enabled: true
  relationshipAnalytics:
    enabled: true
    activityWeights: {{email: {weight}, meeting: 7, phoneCall: 6, task: 5}}
    communicationFrequency: once-a-week
    healthScore:
      enabled: true
      grading: {{good: 60, fair: 40}}
  whoKnowsWhom:
    enabled: true
    introductionTemplate: Introduction request
  exchangeData:
    enabled: true
    securityRoles:
{roles}

forms:
  - table: lead
    form: Contoso Lead
    solution: ContosoSales
    widgets:
      - widget: who-knows-whom
        at: {{tab: Summary, column: 2, after: ContactDetails}}
        label: Who knows whom
      - widget: relationship-health
        at: {{tab: Summary, column: 3, position: first}}
        rows: 6
  - table: contact
    form: Contoso Contact
    widgets:
      - widget: who-knows-whom
        at: {{tab: General, column: 2, position: last}}
"""


def write_fleet(root: Path, count: int) -> list[Path]:
    """`count` valid files of about 3 KB each under `root`/environments; returns their paths."""
    folder = root / "environments"
    folder.mkdir(parents=True)
    paths = []
    for number in range(count):
        name = f"org{number:04d}"
        roles = "\n".join(f"      - Account executive, district {district:02d} of region {number:04d}" for district in range(24))
        path = folder / f"{name}.yaml"
        path.write_text(_TEXT.format(name=name, tier=("dev", "test", "prod")[number % 3], weight=3 + number % 7, roles=roles))
        paths.append(path)
    return paths

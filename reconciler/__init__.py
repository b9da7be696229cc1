"""Relationship intelligence as code, for Dynamics 365 Sales Premium.

Read the package in this order: `model` (the nouns), `catalog` (what can be managed), `pipeline` (the order of the stages), then the
stages as the alphabet has them: `desired` (files to wishes), `live` (Dataverse to facts), `plan` (wishes and facts to a plan), `report`
(a plan to text), `rollout` (a plan to an outcome). `forms` edits FormXml byte by byte; `policy` evaluates the rules of a team;
`emulator` is the embedded Dataverse; `cli` is how you ask.
"""

__version__ = "0.1.0"

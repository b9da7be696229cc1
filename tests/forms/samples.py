"""Hand-written forms, and the widgets that the tests place on them."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.forms.reconcile import Reconciled, WidgetSpec, reconcile
from reconciler.model.desired import Anchor, DesiredWidget

FORM_ID = "7d9c8f0e-1c1b-4c11-9a57-0d5be1f0a001"

NETWORK = WidgetSpec("network", "Network", ("Demo.Network.Widget",), 3)
HEALTH = WidgetSpec("team-health", "Team health", ("Demo.Health.Widget2", "Demo.Health.Widget"), 2)
CHARTS = WidgetSpec("charts", "Charts", ("Demo.Charts.Control",), 1)
KNOWN = (NETWORK, HEALTH, CHARTS)
NAMES = tuple(spec.name for spec in KNOWN)

HOST = "{F9A8A302-114E-466A-B582-6771B2AE0D92}"
TEXT = "{4273EDBD-AC1D-40D3-9FB2-095C621B552D}"


def run(
    xml: bytes, *wanted: DesiredWidget | str, exclusive: bool = False, known: Sequence[WidgetSpec] = KNOWN, language: int = 1033
) -> Reconciled:
    """One reconcile of a form with those widgets; a name alone asks for presence only."""
    wishes = [DesiredWidget(each) if isinstance(each, str) else each for each in wanted]
    return reconcile(xml, form_id=FORM_ID, wanted=wishes, known=known, language=language, exclusive=exclusive)


def placed(xml: bytes, *wanted: DesiredWidget | str, exclusive: bool = False) -> bytes:
    """The bytes after a reconcile that must succeed and leave nothing to do."""
    done = run(xml, *wanted, exclusive=exclusive)
    assert done.problems == ()
    again = run(done.xml, *wanted, exclusive=exclusive)
    assert again.edits == ()
    assert again.xml == done.xml
    return done.xml


def at(widget: str, **anchor: str | int) -> DesiredWidget:
    """A wish for a place."""
    return DesiredWidget(widget, at=Anchor(**anchor))  # type: ignore[arg-type]


def section(name: str, *cells: str, attributes: str = "", label: str = "") -> str:
    """A section with a cell in each row."""
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    title = f'<labels><label description="{label}" languagecode="1033" /></labels>' if label else ""
    return f'<section name="{name}" id="{{{name}-id}}"{attributes}>{title}<rows>{rows}</rows></section>'


def text_cell(name: str) -> str:
    """A cell bound to a column."""
    return f'<cell id="{{cell-{name}}}"><control id="{name}" classid="{TEXT}" datafieldname="{name}" /></cell>'


def foreign_cell(link: str = "{AAAAAAAA-0000-4000-8000-00000000000A}", attributes: str = "", extra: str = "") -> str:
    """A cell as a person places it with the designer."""
    return (
        f'<cell id="{{cell-foreign}}"{attributes}><labels><label description="By hand" languagecode="1033" /></labels>'
        f'<control id="cc_1673878245253" classid="{HOST}" isunbound="true" uniqueid="{link}"{extra} /></cell>'
    )


def foreign_description(control: str = "Demo.Network.Widget", link: str = "{aaaaaaaa-0000-4000-8000-00000000000a}") -> str:
    """The description of a person's widget, for three form factors."""
    each = "".join(f'<customControl formFactor="{code}" name="{control}"><parameters /></customControl>' for code in (2, 0, 1))
    return f'<controlDescription forControl="{link}">{each}</controlDescription>'


def tab(name: str, *columns: str, attributes: str = "", label: str = "") -> str:
    """A tab of such columns, each the inside of its `<sections>`."""
    inside = "".join(f'<column width="50%"><sections>{column}</sections></column>' for column in columns)
    title = f'<labels><label description="{label}" languagecode="1033" /></labels>' if label else ""
    return f'<tab name="{name}" id="{{{name}-id}}"{attributes}>{title}<columns>{inside}</columns></tab>'


def form(*tabs: str, after: str = "<controlDescriptions />", header: str = "") -> bytes:
    """A compact form."""
    return f"<form><tabs>{''.join(tabs)}</tabs>{header}{after}</form>".encode()


SUMMARY = tab(
    "Summary",
    section("Details", text_cell("fullname"), label="Details of the lead") + section("Contact", text_cell("phone")),
    section("Company", text_cell("company")) + section("Timeline", text_cell("notes")),
    label="Overview",
)
MORE = tab("More", section("Extra", text_cell("extra")))
COMPACT = form(SUMMARY, MORE)

PRETTY = b"""\xef\xbb\xbf<?xml version="1.0" encoding="utf-16"?>
<?editor keep="this > that"?>
<!-- a form with <tabs> in a comment -->
<form showImage='true' note="a > b">
  <tabs>
    <tab name='general' id="{0A0A0A0A-0000-4000-8000-000000000001}">
      <labels>
        <label description="General &#38; &lt;more&gt;" languagecode="1033" />
      </labels>
      <columns>
        <column width="50%">
          <sections>
            <!-- first -->
            <section name="one" id="{0A0A0A0A-0000-4000-8000-000000000002}">
              <rows>
                <row>
                  <cell id="{0A0A0A0A-0000-4000-8000-000000000003}">
                    <control id="name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="name">
                      <parameters><x:json xmlns:x="urn:x"><![CDATA[{"a": "</section>"}]]></x:json></parameters>
                    </control>
                  </cell>
                </row>
              </rows>
            </section>
          </sections>
        </column>
        <column width="25%">
          <sections/>
        </column>
        <column width="25%" />
      </columns>
    </tab>
  </tabs>
  <Navigation><NavBar></NavBar></Navigation>
</form>
"""

"""Labels of choices in other languages than English, so that whoever compares labels instead of values is found out. Pure.

The translations are our own: what the service's language packs say is not published.
"""

from __future__ import annotations

ENGLISH, ITALIAN, ROMANIAN = 1033, 1040, 1048

_TRANSLATIONS = {
    # Each English label with the Italian and the Romanian one.
    "Yes": ("Sì", "Da"),
    "No": ("No", "Nu"),
    "None": ("Nessuno", "Niciunul"),
    "Active": ("Attivo", "Activ"),
    "Inactive": ("Inattivo", "Inactiv"),
    "Enabled": ("Abilitato", "Activat"),
    "Disabled": ("Disabilitato", "Dezactivat"),
    "ActivationInProgress": ("Attivazione in corso", "Activare în curs"),
    "ActivationCompleted": ("Attivazione completata", "Activare finalizată"),
    "ActivationFailed": ("Attivazione non riuscita", "Activare nereușită"),
    "ActivationFailedDueToOptin": ("Attivazione non riuscita per mancato consenso", "Activare nereușită din lipsa consimțământului"),
    "ActivationFailedDueToOptinAccess": ("Attivazione non riuscita per consenso negato", "Activare nereușită, consimțământ refuzat"),
    "DeactivationInProgress": ("Disattivazione in corso", "Dezactivare în curs"),
    "DeactivationCompleted": ("Disattivazione completata", "Dezactivare finalizată"),
    "DeactivationFailed": ("Disattivazione non riuscita", "Dezactivare nereușită"),
    "Activation InProgress": ("Attivazione in corso", "Activare în curs"),
    "Activation Completed": ("Attivazione completata", "Activare finalizată"),
    "Activation Failed": ("Attivazione non riuscita", "Activare nereușită"),
    "Deactivation InProgress": ("Disattivazione in corso", "Dezactivare în curs"),
    "Deactivation Completed": ("Disattivazione completata", "Dezactivare finalizată"),
    "Deactivation Failed": ("Disattivazione non riuscita", "Dezactivare nereușită"),
    "UpgradePending": ("Aggiornamento in sospeso", "Upgrade în așteptare"),
    "UpgradeInProgress": ("Aggiornamento in corso", "Upgrade în curs"),
    "UpgradeFailed": ("Aggiornamento non riuscito", "Upgrade nereușit"),
    "UpgradeSucceeded": ("Aggiornamento riuscito", "Upgrade reușit"),
    "CRM": ("CRM", "CRM"),
    "MARS": ("MARS", "MARS"),
    "Both": ("Entrambi", "Ambele"),
    "Once a day": ("Una volta al giorno", "O dată pe zi"),
    "Once every few days": ("Una volta ogni pochi giorni", "O dată la câteva zile"),
    "Once a week": ("Una volta alla settimana", "O dată pe săptămână"),
    "Once every couple of weeks": ("Una volta ogni due settimane", "O dată la două săptămâni"),
    "Once a month": ("Una volta al mese", "O dată pe lună"),
    "Daily": ("Giornaliera", "Zilnic"),
    "FewDays": ("Ogni pochi giorni", "La câteva zile"),
    "Weekly": ("Settimanale", "Săptămânal"),
    "FewWeeks": ("Ogni poche settimane", "La câteva săptămâni"),
    "Monthly": ("Mensile", "Lunar"),
    "Published": ("Pubblicato", "Publicat"),
    "Unpublished": ("Non pubblicato", "Nepublicat"),
    "Create": ("Crea", "Creare"),
    "Update": ("Aggiorna", "Actualizare"),
    "Delete": ("Elimina", "Ștergere"),
}

_PLACES = {ITALIAN: 0, ROMANIAN: 1}
SPOKEN = frozenset({ENGLISH, *_PLACES})
"""Languages in which choices have labels here."""


def in_language(label: str, language: int) -> str:
    """The English label in another language; the label itself where there is no translation."""
    place = _PLACES.get(language)
    return label if place is None or label not in _TRANSLATIONS else _TRANSLATIONS[label][place]

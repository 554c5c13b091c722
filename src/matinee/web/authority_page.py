"""The page that tells, on a device that does not trust this computer yet, how it comes to. English and French. Pure."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says in one language."""

    title: str
    why: str
    get: str
    compare: str
    ways: tuple[tuple[str, str], ...]
    """Where, and how it is installed there."""
    then: str
    back: str


WORDS = {
    "en": Words(
        title="Trust this computer",
        why=(
            "Matinee encrypts what it sends to this screen. So that this screen knows it is your computer "
            "that speaks, give it the computer’s certificate, once. It can speak for names and addresses "
            "in a house’s own network alone, never for a site on the internet."
        ),
        get="Download the certificate",
        compare="Before you trust it, compare: the computer shows the same under Settings, Other screens.",
        ways=(
            (
                "iPhone, iPad",
                (
                    "Open the download. Settings, Profile downloaded, Install. Then Settings, General, "
                    "About, Certificate Trust Settings: turn it on."
                ),
            ),
            (
                "Android",
                (
                    "Settings, Security, Encryption & credentials, Install a certificate, CA certificate: "
                    "choose the download."
                ),
            ),
            (
                "Firefox",
                (
                    "Settings, Privacy & Security, View Certificates, Authorities, Import: to identify "
                    "websites."
                ),
            ),
            (
                "Chrome, Edge on a computer",
                ("Settings, Privacy and security, Security, Manage certificates, Import: as a trusted root."),
            ),
        ),
        then="Then open Matinee",
        back="To take it back, remove it at the same place.",
    ),
    "fr": Words(
        title="Faire confiance à cet ordinateur",
        why=(
            "Matinee chiffre ce qu’il envoie à cet écran. Pour que cet écran sache que c’est bien votre "
            "ordinateur qui parle, donnez-lui le certificat de l’ordinateur, une fois. Il ne vaut que "
            "pour des noms et des adresses du réseau de la maison, jamais pour un site de l’internet."
        ),
        get="Télécharger le certificat",
        compare=(
            "Avant de lui faire confiance, comparez : l’ordinateur montre la même suite dans Réglages, "
            "Autres écrans."
        ),
        ways=(
            (
                "iPhone, iPad",
                (
                    "Ouvrez le téléchargement. Réglages, Profil téléchargé, Installer. Puis Réglages, "
                    "Général, Informations, Réglages des certificats : activez-le."
                ),
            ),
            (
                "Android",
                (
                    "Paramètres, Sécurité, Chiffrement et identifiants, Installer un certificat, "
                    "Certificat CA : choisissez le téléchargement."
                ),
            ),
            (
                "Firefox",
                (
                    "Paramètres, Vie privée et sécurité, Afficher les certificats, Autorités, Importer : "
                    "pour identifier des sites web."
                ),
            ),
            (
                "Chrome, Edge sur un ordinateur",
                (
                    "Paramètres, Confidentialité et sécurité, Sécurité, Gérer les certificats, Importer : "
                    "comme racine de confiance."
                ),
            ),
        ),
        then="Puis ouvrez Matinee",
        back="Pour la lui retirer, supprimez-le au même endroit.",
    ),
}

CSS = b"""\
:root {
  color-scheme: light dark; --bg: #f6f0e4; --raised: #fffbf2; --text: #241a21; --muted: #66585f;
  --accent: #9a5600; --on: #fffbf2;
}
@media (prefers-color-scheme: dark) {
  :root { --bg: #17121b; --raised: #211a27; --text: #f4ede4; --muted: #b9aeb4; --accent: #f2a93b; --on: #1b1206; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 44rem; padding: clamp(1.5rem, 5vw, 4rem) clamp(1rem, 5vw, 3rem);
  background: var(--bg); color: var(--text); font: 1.0625rem/1.5 'Instrument Sans', system-ui, sans-serif;
}
h1 { margin: 0 0 1rem; font-size: clamp(2rem, 8vw, 3.25rem); line-height: 1; letter-spacing: -0.03em; }
h2 { margin: 0; font-size: 1.0625rem; }
section { margin: 0.5rem 0; padding: 1rem 1.25rem; border-radius: 0.5rem; background: var(--raised); }
section p, .muted { margin: 0.25rem 0 0; color: var(--muted); }
code {
  display: block; margin: 0.5rem 0 2rem; font: 0.95rem/1.6 ui-monospace, 'Noto Sans Mono', monospace;
  overflow-wrap: anywhere;
}
a {
  display: inline-block; min-height: 2.75rem; margin: 0.5rem 0; padding: 0.6rem 1.4rem; border-radius: 1.4rem;
  background: var(--accent); color: var(--on); font-weight: 700; text-decoration: none;
}
a:focus-visible { outline: 3px solid var(--text); outline-offset: 3px; }
"""


def written(language: str, fingerprint: str, host: str, style: str, certificate: str) -> str:
    """Write the page.

    Args:
        language: ``en`` or ``fr``.
        fingerprint: of what is installed.
        host: this computer's name or address with its port, as it was asked for.
        style: path of ``CSS``.
        certificate: path of what is installed.
    """
    words = WORDS[language]
    ways = "".join(
        f"<section><h2>{escape(where)}</h2><p>{escape(how)}</p></section>" for where, how in words.ways
    )
    pairs = escape(fingerprint).replace(":", ":<wbr>")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(words.title)} · Matinee</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{style}"></head><body><main><h1>{escape(words.title)}</h1>'
        f'<p>{escape(words.why)}</p><p><a href="{certificate}">{escape(words.get)}</a></p>'
        f'<p class="muted">{escape(words.compare)}</p><code>{pairs}</code>{ways}'
        f'<p><a href="https://{escape(host)}/">{escape(words.then)}</a></p><p class="muted">{escape(words.back)}</p>'
        "</main></body></html>"
    )

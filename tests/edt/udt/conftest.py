"""What the tests of UDT share: a small archive in which nothing is to be found, and ways of reading variants of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from entformats import edt

if TYPE_CHECKING:
    from collections.abc import Callable

UAI = "0749999S"

SMALL = {
    "UDCal_24.xml": """<c><annee>2022</annee><debut_eleve>01/09/2022</debut_eleve><fin_eleve>18/11/2022</fin_eleve>
<fermeture debut="22/10/2022" fin="06/11/2022" libelle="TOUSSAINT"/><fermeture debut="11/11/2022" fin="11/11/2022"/>
</c>""",
    "UDCal_00.xml": '<p><init premiere_semaine_ISO="35" duree_seq="110"/></p>',
    "semaines.xml": "<s>" + "".join(f'<semaine num="{week}"/>' for week in (*range(35, 43), 45, 46)) + "</s>",
    "UDCal_03.xml": '<s><salle code="S1" nom="Salle 1"/><salle code="S2" nom="Salle 2"/></s>',
    "UDCal_04.xml": """<p>
<prof id="1" code="VALO" nom="VALMOND" prenom="Odile" date_naissance="02/10/1974" code_matppl="MATHS" epj="700001"/>
<prof id="2" code="BREY" nom="BREDOUX" prenom="Yann" date_naissance="" code_matppl="SVT" epj="700002"/>
<prof id="3" code="ORVA" nom="D'ORVAUX" prenom="Line" date_naissance="01/01/1980" code_matppl="" epj=""/>
</p>""",
    "UDCal_05.xml": '<m><mat code="MATHS" libelle="MATHEMATIQUES" code_gep1="MATHS"/><mat code="***" libelle=""/></m>',
    "UDCal_07.xml": """<d>
<demi_seq code_jour="1" code="1" code_site="1" hre_deb="8h00" hre_fin="8h55"/>
<demi_seq code_jour="1" code="2" code_site="1" hre_deb="08:55" hre_fin="09:50:00"/>
<demi_seq code_jour="2" code="1" code_site="1" hre_deb="8h00" hre_fin="8h55"/>
<demi_seq code_jour="2" code="2" code_site="1" hre_deb="8h55" hre_fin="9h50"/>
</d>""",
    "UDCal_08.xml": '<d><div code="6A" libelle="6EME A" code_gep="6A"/><div code="6B" libelle="6EME B"/></d>',
    "UDCal_10.xml": """<e><eleve code="1" nom="MORTELLE" prenom="Zoé" naissance="14/03/2011"/>
<eleve code="2" nom="CLAIRVAL" prenom="Léo" naissance="30/07/2011"/></e>""",
    "UDCal_19.xml": """<g><gpe id="11" code_div="6A" code="L" code_sts="6LATIN"/>
<gpe id="12" code_div="6B" code="L" code_sts="6LATIN"/></g>""",
    "UDCal_13.xml": """<r><rgpmt id="51" code="1" nom="6CHORALE" code_div="6A" code_gpe=""/>
<rgpmt id="51" code="1" nom="6CHORALE" code_div="6B" code_gpe=""/></r>""",
    "UDCal_21.xml": """<e><ele_gpe ele="1" code_div="6A" gpe="" semaines="0"/>
<ele_gpe ele="1" code_div="6A" gpe="L" semaines="0"/><ele_gpe ele="2" code_div="6B" gpe="" semaines=""/></e>""",
    "UDCal_23.xml": '<c><coens lignefic="00102" prof="BREY" epj="700002"/></c>',
    "UDCal_11.xml": """<f><fiche code="001" jour="1" demi_seq="1" site="1"/>
<fiche code="002" jour="1" demi_seq="2" site="1"/>
<fiche code="003" jour="2" demi_seq="1" site="1"/></f>""",
    "UDCal_12.xml": """<l>
<ligfiche code="00101" fic="001" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="" idgpe="0"/>
<ligfiche code="00201" fic="002" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="" idgpe="0"/>
<ligfiche code="00102" fic="001" div="6B" mat="MATHS" prof="BREY" salle="S2" rgpmt="" gpe="" idgpe="0"/>
<ligfiche code="00301" fic="003" div="6A" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="L" idgpe="11"/>
<ligfiche code="00302" fic="003" div="6B" mat="MATHS" prof="VALO" salle="S1" rgpmt="0" gpe="L" idgpe="12"/>
</l>""",
}
"""Members whose content is text; three lessons: a class, another with a co-teacher who is its teacher, a group."""


@pytest.fixture(scope="session")
def members() -> dict[str, bytes]:
    """Give the members of the small archive."""
    return {name: text.encode() for name, text in SMALL.items()}


@pytest.fixture(scope="session")
def variant() -> Callable[..., edt.Export]:
    """Give a reader of the small archive in which texts of members were replaced; each must be there.

    A change is (member, old, new); an empty `old` is a new member, `new` None takes a member out.
    """

    def read(*changes: tuple[str, str, str | None], uai: str | None = UAI) -> edt.Export:
        texts = dict(SMALL)
        for name, old, new in changes:
            if new is None:
                del texts[name]
            elif not old:
                texts[name] = new
            else:
                assert old in texts[name]
                texts[name] = texts[name].replace(old, new)
        return edt.read({name: text.encode() for name, text in texts.items()}, uai=uai)

    return read

"""Make cxc/data/remark_words.csv, words by which a remark is told from the name of a cluster.

    python scripts/make_remark_words.py                        # downloads its source once, writes the table
    python scripts/make_remark_words.py --sources DIRECTORY    # keeps the download there, or takes it from there

Which words count is chosen by hand, below: negations, pronouns, what says not yet, waiting or not known, and states
such as refused, missing or former, in the languages of the scheme's countries and those spoken beside them. Where a
word alone says that something is still to come, as Greek does with θα, it is a negation. A word that is at home in
names in some language is left out, whatever it means in another: `la`, `il`, `on`, `i`, `es`. Of three kinds a word
counts at its place alone: `see`, which says where to look, as the first word; `beside` before a word for cluster or
member, where `pole` and `be` say no, and which asks; `standing`, such as candidate or observer, alone, between marks or
beside a word for member. `undecided` counts where somebody should be named who has approved: to approve, must, draft,
somebody. No public list has these kinds of words apart, so the choice is held against one: each word that Stopwords ISO
(https://github.com/stopwords-iso, MIT) has for its language says so, the others say `own`. The source is the wheel of
stopwordsiso 0.7.1 on PyPI.

TRUE and FALSE are as the locale data of LibreOffice 7.4.7 writes them (i18npool/source/localedata/data/*.xml,
`trueWord` and `falseWord`), which are the words of Excel, too, in the languages that Excel translates; what other
spreadsheets write says `own`.
"""

import argparse
import io
import json
import zipfile
from pathlib import Path
from typing import Final

from pinned import fetched

from cxc.text import fold

TARGET: Final = Path(__file__).parent.parent / "cxc" / "data" / "remark_words.csv"
STOPWORDS: Final = (
    "https://files.pythonhosted.org/packages/97/5f/2d2a6013c7afe7c06d39e208749cc669dd404ed521f7f603265e13758b04/stopwordsiso-0.7.1-py3-none-any.whl",
    "e23edcffca952f98cd26f54a5c56f93b2fa435c88d3ee60f3beffb4c44279380",
)

# By language (ISO 639-1): negation, pronoun, yet, waiting, unknown, state, see, beside, standing, undecided.
CHOSEN: Final = {
    "bg": {
        "negation": "не няма нямаме без никой никоя нищо никога нито нечлен ще",
        "pronoun": "аз ние вие той тя кой",
        "yet": "още засега",
        "waiting": "чака чакаме очаква очакваме изчакване предстои присъединяване",
        "unknown": "неизвестно неизвестен неизвестна знам знае знаем неясно вероятно възможно"
        " непотвърдено непотвърден непотвърдена",
        "state": "отхвърлен отхвърлено отхвърлена отказ отказан отказано анулиран анулирано анулирана спрян спряно "
        "спряна прекратен прекратено изтекъл изтекло отменен отменено неприложимо липсва бивш бивша напуснал напусна "
        "напуснала изключен отхвърля",
        "see": "виж",
        "beside": "извън коя",
        "standing": "кандидат наблюдател",
        "undecided": "трябва",
    },
    "bs": {
        "negation": "ne nije nisu nismo nisam nema nemamo bez nijedan nijedna niko ništa nikad nečlan",
        "pronoun": "ja vi ona ono oni",
        "yet": "još zasad",
        "waiting": "čeka čekamo čekanje čekanju pristupanje",
        "unknown": "nepoznato nepoznat nepoznata znam zna znamo nejasno nesigurno možda vjerovatno moguće"
        " nepotvrđeno nepotvrđen nepotvrđena",
        "state": "odbijen odbijeno otkazan otkazano suspendovan suspendovano poništen poništeno istekao istekla "
        "isteklo bivši bivša istupio istupila napustio napustila isključen nedostaje odbija",
        "beside": "izvan koja",
        "standing": "kandidat posmatrač",
        "undecided": "odobriti",
    },
    "ca": {
        "negation": "no ningú sense",
        "pronoun": "jo nosaltres vosaltres ells elles vostè qui",
        "yet": "encara",
        "waiting": "esperant espera esperem pendent adhesió tramitació",
        "unknown": "desconegut desconeguda sabem possible",
        "state": "suspès suspesa caducat caducada rebutjat rebutjada expirat expirada exempt retirat retirada",
        "see": "vegeu",
        "standing": "candidat candidata observador",
    },
    "cs": {
        "negation": "ne není nejsou nejsme nejsem nemá nemáme bez žádný žádná žádné žádného nikdo nikdy nečlen",
        "pronoun": "já ty my vy ona ono oni kdo",
        "yet": "ještě zatím dosud",
        "waiting": "čeká čekáme čekání přistoupení",
        "unknown": "neznámý neznámá neznámo neznáme nevím nevíme neví vím víme nejasné nejisté možná neurčeno možné "
        "možný"
        " nepotvrzeno nepotvrzený nepotvrzená nepotvrzené",
        "state": "pozastaven pozastavena pozastaveno zrušen zrušena zrušeno zamítnut zamítnuta zamítnuto odmítnuta "
        "odmítnuto vypršelo neplatné netýká bývalý bývalá vyloučen vyloučena"
        " vystoupil vystoupila odešel",
        "beside": "mimo který",
        "standing": "kandidát pozorovatel",
        "undecided": "schválit",
    },
    "da": {
        "negation": "nej ikke ingen intet aldrig uden ej",
        "pronoun": "jeg vi han hun dem hvem hvad",
        "yet": "endnu",
        "waiting": "afventer venter vente tiltrædelse",
        "unknown": "ukendt uklart usikker usikkert vides måske muligt muligvis ubekræftet",
        "state": "suspenderet udløbet afvist annulleret afslag ophævet fritaget udmeldt udtrådt",
        "standing": "kandidat ansøger observatør",
    },
    "de": {
        "negation": "nein nicht nichts nie niemand kein keine keiner keines keinen keinem ohne weder nichtmitglied",
        "pronoun": "ich wir er sie ihr uns ihn ihm mich wer unser jemand",
        "yet": "noch",
        "waiting": "beitritt geplant ausgetreten wartet warten ausstehend folgt beantragt angefragt nachgereicht "
        "warteliste",
        "unknown": "unbekannt unklar unsicher ungewiss offen weiß wissen unbestimmt vielleicht möglich möglicherweise"
        " unbestätigt",
        "state": "abgelehnt ablehnung abgelaufen ausgesetzt gekündigt entfällt verweigert widerrufen ungültig "
        "storniert vertagt erloschen ausgeschlossen"
        " austritt",
        "see": "siehe frag",
        "beside": "außerhalb welcher welche welches",
        "standing": "kandidat beobachter anwärter aspirant",
        "undecided": "jemand genehmigen",
    },
    "el": {
        "negation": "όχι δεν δε μη μην χωρίς κανένας κανείς καμία καμιά κανένα τίποτα ποτέ ούτε άνευ ουδέν ουδείς θα",
        "pronoun": "εγώ εσύ εμείς εσείς αυτός αυτή αυτό αυτοί ποιος ποια",
        "yet": "ακόμα ακόμη",
        "waiting": "επιβεβαιωθεί αναμονή αναμένεται αναμένουμε περιμένω περιμένουμε εκκρεμεί εκκρεμότητα προσχώρηση",
        "unknown": "άγνωστο άγνωστος άγνωστη ξέρω ξέρουμε γνωρίζω γνωρίζουμε γνωστό ασαφές ίσως πιθανό πιθανόν πιθανώς "
        "μάλλον"
        " ανεπιβεβαίωτο ανεπιβεβαίωτη",
        "state": "απορρίφθηκε απόρριψη ακυρώθηκε ακυρωμένο έληξε ανεστάλη αναστολή εξαιρείται απαλλάσσεται πρώην "
        "αποχώρησε διαγράφηκε αποσύρθηκε λείπει ελλιπές απορρίπτει",
        "see": "βλέπε δείτε",
        "beside": "εκτός ποιο",
        "standing": "υποψήφιο υποψήφιος υποψήφια παρατηρητής",
        "undecided": "πρέπει",
    },
    "en": {
        "negation": "no not none never nobody nothing neither nor without nope nah cannot isn't aren't wasn't weren't "
        "don't doesn't didn't won't can't hasn't haven't hadn't wouldn't nonmember unaffiliated",
        "pronoun": "we they he she you him her them who what somebody someone something anybody anyone",
        "yet": "yet",
        "waiting": "negotiation waiting awaiting awaits pending accession",
        "unknown": "unknown unclear unsure uncertain unconfirmed know knows knew known ask asked unspecified "
        "undetermined possible",
        "state": "rejected refused denied declined disapproved unapproved revoked cancelled canceled postponed "
        "suspended expired withdrawn inapplicable exempt exempted rejects declines inactive",
        "see": "ask asked see",
        "beside": "outside which",
        "standing": "candidate applicant observer aspirant",
        "undecided": "requested unsigned draft veto hold decide wait someone noone nobody anonymous approve",
    },
    "es": {
        "negation": "no ni nunca nadie nada ningún ninguno ninguna sin tampoco jamás",
        "pronoun": "yo ella nosotros nosotras vosotros ellos ellas usted ustedes quién",
        "yet": "aún todavía",
        "waiting": "espera esperando esperamos pendiente confirmar adhesión trámite tramitación",
        "unknown": "desconocido desconocida desconocemos desconoce sabemos sabe incierto indeterminado quizás quizá "
        "posible",
        "state": "suspendido suspendida caducado caducada anulado anulada rechazo rechazado rechazada denegado "
        "denegada expirado expirada cancelado cancelada exento exenta inaplicable excluido excluida"
        " retirado retirada",
        "see": "véase",
        "beside": "cuál",
        "standing": "candidato candidata observador",
        "undecided": "alguien aprobar",
    },
    "et": {
        "negation": "ei mitte ilma keegi ega mitteliige",
        "pronoun": "sina nemad meie teie kes",
        "yet": "veel",
        "waiting": "ootel ootab ootame selgub ühinemine liitumine",
        "unknown": "teadmata teame tean ebaselge võimalik kinnitamata",
        "state": "tagasilükatud tühistatud peatatud aegunud lahkunud lahkus",
        "see": "vaata",
        "beside": "pole",
        "standing": "kandidaat taotleja vaatleja",
    },
    "eu": {
        "negation": "ez inor inoiz gabe",
        "pronoun": "haiek nor",
        "yet": "oraindik",
        "waiting": "zain itxaroten",
        "unknown": "ezezaguna dakigu agian",
        "state": "ukatua iraungita baliogabetua",
    },
    "fi": {
        "negation": "ei eivät emme ette älä ilman mitään kukaan",
        "pronoun": "minä sinä hän kuka mikä",
        "yet": "vielä",
        "waiting": "odottaa odottavat odotetaan odotuksessa liittyminen liittymässä",
        "unknown": "tuntematon tuntematonta tiedä tiedetä tiedossa epäselvä epävarma ehkä mahdollisesti mahdollinen"
        " vahvistamaton vahvistamatta",
        "state": "hylätty evätty vanhentunut peruttu keskeytetty erääntynyt eronnut erosi",
        "see": "katso",
        "standing": "ehdokas hakija tarkkailija",
    },
    "fr": {
        "negation": "ne pas non jamais rien aucun aucune personne sans",
        "pronoun": "je tu elle nous vous ils elles qui quoi ça cela notre votre",
        "yet": "encore",
        "waiting": "adhésion prévue attente attend attends attendons attendre confirmer préciser vérifier",
        "unknown": "inconnu inconnue sais sait savons ignore ignorons indéterminé indéterminée possible",
        "state": "expiré expirée suspendu suspendue annulé annulée rejeté rejetée refus refusée révoqué défavorable "
        "exempté exemptée exclu exclue exclus"
        " quitté démission démissionné démissionnaire",
        "see": "voir",
        "beside": "hors quel",
        "standing": "candidat candidate observateur refusé",
        "undecided": "quelqu'un approuver refusé",
    },
    "ga": {
        "negation": "ní níl níor gan",
        "pronoun": "muid sibh siad",
        "yet": "fós fóill",
        "waiting": "feitheamh fanacht",
        "unknown": "anaithnid fhios",
        "state": "diúltaithe cealaithe",
        "see": "féach",
        "standing": "iarrthóir breathnóir",
    },
    "gl": {
        "negation": "non ningún nunca sen",
        "pronoun": "ela nós eles",
        "yet": "aínda",
        "waiting": "agardando pendente adhesión tramitación",
        "unknown": "descoñecido sabemos posible",
        "state": "suspendido caducado anulado rexeitado rexeitada retirado retirada",
        "see": "véxase",
        "standing": "candidato candidata observador",
    },
    "hr": {
        "negation": "ne nije nisu nismo nisam nema nemamo bez nijedan nijedna nitko ništa nikad nečlan",
        "pronoun": "ja vi ona ono oni tko",
        "yet": "još zasad",
        "waiting": "čeka čekamo čekanje čekanju pristupanje",
        "unknown": "nepoznato nepoznat nepoznata znam zna znamo nejasno nesigurno možda moguće vjerojatno"
        " nepotvrđeno nepotvrđen nepotvrđena",
        "state": "odbijen odbijeno otkazan otkazano suspendiran suspendirano poništen poništeno istekao istekla "
        "isteklo bivši bivša istupio istupila napustio napustila isključen nedostaje odbija",
        "beside": "izvan koja",
        "standing": "kandidat promatrač",
        "undecided": "odobriti odobrit",
    },
    "hu": {
        "negation": "nem nincs nincsenek ne soha senki semmi sem nélkül",
        "pronoun": "ők",
        "yet": "még egyelőre",
        "waiting": "várjuk várakozik várakozás folyamatban függőben csatlakozás",
        "unknown": "ismeretlen tudom tudjuk tudni bizonytalan talán lehetséges megerősítetlen",
        "state": "felfüggesztve felfüggesztett lejárt törölve törölt elutasítva elutasított visszavonva érvénytelen "
        "kilépett korábbi egykori hiányzik elutasítja csatlakozik",
        "see": "lásd",
        "beside": "melyik",
        "standing": "jelölt tagjelölt megfigyelő",
        "undecided": "jóváhagyni",
    },
    "hy": {
        "negation": "ոչ չէ չի չեն չենք առանց ոչինչ",
        "pronoun": "ես դու նա մենք դուք նրանք ով",
        "yet": "դեռ",
        "waiting": "սպասում սպասվում",
        "unknown": "անհայտ գիտենք գիտեմ հնարավոր",
        "state": "մերժված չեղարկված կասեցված",
        "see": "տես",
    },
    "is": {
        "negation": "nei ekki engin enginn ekkert aldrei neinn",
        "pronoun": "ég þú hann hún þið þeir þær þau hver",
        "yet": "enn ennþá",
        "waiting": "bíður bíðum beðið",
        "unknown": "óþekkt óþekktur veit vitum vitað óljóst kannski mögulegt óstaðfest",
        "state": "hafnað frestað útrunnið",
        "see": "sjá",
        "beside": "án",
        "standing": "umsækjandi",
    },
    "it": {
        "negation": "no non nessuno nessuna nessun niente nulla senza né",
        "pronoun": "io noi voi egli ella lui lei loro chi",
        "yet": "ancora",
        "waiting": "attesa attendiamo aspettiamo aspetta confermare definire verificare adesione",
        "unknown": "sconosciuto sconosciuta ignoto sappiamo incerto indeterminato forse possibile",
        "state": "sospeso sospesa scaduto scaduta annullato annullata respinto respinta rifiutato rifiutata revocato "
        "revocata esente inapplicabile escluso esclusa"
        " uscito ritirato ritirata recesso",
        "see": "vedi",
        "beside": "quale",
        "standing": "candidato candidata osservatore",
        "undecided": "qualcuno approvare",
    },
    "lb": {
        "negation": "nee keen keng ouni",
        "pronoun": "ech hien hatt",
        "waiting": "waart",
        "unknown": "onbekannt wëssen weess méiglech vläicht",
        "state": "ofgeleent ofgelaf annuléiert suspendéiert",
        "see": "kuck",
    },
    "lt": {
        "negation": "ne nėra niekas niekada",
        "pronoun": "tu jis ji jie kas",
        "yet": "dar",
        "waiting": "laukia laukiame laukiama įstojimas stojimas prisijungimas",
        "unknown": "nežino nežinau nežinome nežinoma žinoma žinome žinau neaišku galbūt galimai"
        " nepatvirtinta nepatvirtintas",
        "state": "atmesta atmestas sustabdyta sustabdytas atšaukta atšauktas panaikinta išstojo išėjo",
        "see": "žiūrėti",
        "beside": "be",
        "standing": "kandidatas kandidatė stebėtojas",
    },
    "lv": {
        "negation": "nē ne nav neviens nevienu nekad bez",
        "pronoun": "viņš viņa viņi tu kas",
        "yet": "vēl",
        "waiting": "gaida gaidām gaidīšana pievienošanās iestāšanās",
        "unknown": "nezina nezinām nezināms nezināma zināms zinām neskaidrs varbūt iespējams"
        " neapstiprināts neapstiprināta",
        "state": "noraidīts noraidīta apturēts apturēta atcelts atcelta anulēts anulēta izstājies izstājās",
        "see": "skatīt",
        "beside": "ārpus",
        "standing": "kandidāts kandidāte novērotājs",
    },
    "mk": {
        "negation": "не нема немаме без ниеден ниедна никој ништо никогаш ќе",
        "pronoun": "јас ние вие тој таа тоа тие кој",
        "yet": "уште сеуште засега",
        "waiting": "чека чекаме чекаат чекање пристапување",
        "unknown": "непознато непознат знаеме знам знае нејасно можеби возможно непотврдено непотврден",
        "state": "одбиен одбиено откажан откажано суспендиран суспендирано поништен поништено истечено поранешен "
        "поранешна"
        " напуштил напушти",
        "standing": "кандидат набљудувач",
        "undecided": "одбиено odbieno",
    },
    "mt": {
        "negation": "mhux mhijiex mhuwiex mhumiex m'hijiex m'huwiex m'hemmx xejn ħadd qatt bla mingħajr",
        "pronoun": "jien aħna intom huma",
        "yet": "għadu għadha għadhom għad",
        "waiting": "nistennew jistenna stennija adeżjoni",
        "unknown": "nafu naf jaf forsi possibbli",
        "state": "rrifjutat kkanċellat sospiż skadut",
        "standing": "kandidat osservatur",
    },
    "nb": {
        "negation": "nei ikke ingen intet aldri uten",
        "pronoun": "jeg vi han hun dem hvem",
        "waiting": "venter avventer",
        "unknown": "ukjent uklart vet kanskje ubekreftet",
        "state": "avvist avslått utmeldt",
        "standing": "kandidat søker observatør",
    },
    "nl": {
        "negation": "nee niet niets geen nooit niemand zonder",
        "pronoun": "ik wij we jij hij zij hun wie",
        "yet": "nog",
        "waiting": "wacht wachten wachtend wachtlijst afwachting volgt bevestigen toetreding",
        "unknown": "onbekend onzeker onduidelijk weet weten misschien onbepaald mogelijk onbevestigd",
        "state": "opgeschort geschorst verlopen geannuleerd afgewezen afgekeurd geweigerd ingetrokken vrijgesteld"
        " uitgetreden vertrokken",
        "see": "zie",
        "beside": "buiten welke",
        "standing": "kandidaat waarnemer",
        "undecided": "goedkeuren",
    },
    "pl": {
        "negation": "nie brak bez żaden żadna żadne żadnego nigdy nikt nieczłonek",
        "pronoun": "ja ty my wy ona ono oni kto",
        "yet": "jeszcze",
        "waiting": "trakcie oczekuje oczekiwanie oczekiwaniu czeka czekam czekamy potwierdzenia przystąpienie akcesja",
        "unknown": "nieznany nieznana nieznane niewiadomo wiadomo wiem wiemy niejasne niepewne nieokreślone może "
        "możliwe możliwy"
        " niepotwierdzony niepotwierdzona niepotwierdzone",
        "state": "zawieszony zawieszona zawieszone wygasł wygasła wygasło odrzucono odrzucony odrzucona anulowano "
        "anulowany anulowana unieważniono odmowa były była wystąpił wystąpiła opuścił opuściła brakuje odrzuca dołączy "
        "przystąpi",
        "see": "patrz",
        "beside": "poza który jaki",
        "standing": "kandydat kandydatka obserwator",
        "undecided": "zatwierdzić zatwierdzi",
    },
    "pt": {
        "negation": "não nem nunca ninguém nada nenhum nenhuma sem jamais",
        "pronoun": "tu ele ela nós eles elas você quem",
        "yet": "ainda",
        "waiting": "espera aguarda aguardamos aguardando pendente confirmar adesão tramitação",
        "unknown": "desconhecido desconhecida desconhecemos sabemos sabe incerto indeterminado talvez possível",
        "state": "suspenso suspensa expirado expirada anulado anulada rejeitado rejeitada cancelado cancelada recusado "
        "recusada indeferido negado caducado isento isenta inaplicável revogado excluído excluída"
        " saiu retirado retirada",
        "beside": "qual",
        "standing": "candidato candidata observador",
        "undecided": "alguém aprovar",
    },
    "ro": {
        "negation": "nu nici fără niciun nicio niciunul niciuna nimeni nimic niciodată nemembru nemembră",
        "pronoun": "tu ea noi voi ei ele cine",
        "yet": "încă deocamdată",
        "waiting": "aderare adera completat așteptare așteptăm aștept așteaptă urmează confirmare confirmat confirma "
        "verificat verifica verificare deveni",
        "unknown": "necunoscut necunoscută neclar nesigur știm știu știe nespecificat nespecificată nedeterminat "
        "nedeterminată poate probabil posibil posibilă nedeclarat"
        " neconfirmat neconfirmată",
        "state": "suspendat suspendată expirat expirată respins respinsă anulat anulată refuzat refuzată neaprobat "
        "neaprobată dezaprobat revocat revocată amânat amânată reziliat reziliată radiat radiată neaplicabil "
        "neaplicabilă scutit scutită respinge exclus exclusă "
        "refuză lipsește inactiv inactivă"
        " ieșit ieșită părăsit părăsită",
        "see": "vezi întreabă cere",
        "beside": "afara",
        "standing": "candidat candidată observator aspirant",
        "undecided": "solicitat nesemnat negativ cineva aproba aprobe trebuie",
    },
    "ru": {
        "negation": "не нет без никто ничего никогда никакой",
        "pronoun": "я ты мы вы он она оно они кто",
        "yet": "еще ещё пока",
        "waiting": "ждет ждёт ждем ожидает ожидаем ожидание ожидается",
        "unknown": "неизвестно неизвестен знаем знаю знает неясно возможно",
        "state": "отклонен отклонено отклонён отменен отменено отменён приостановлен приостановлено аннулирован "
        "аннулировано истекло отказано неприменимо бывший бывшая",
        "see": "смотри",
        "beside": "вне",
        "standing": "кандидат наблюдатель",
        "undecided": "одобрить",
    },
    "sk": {
        "negation": "nie nemá nemáme nemajú bez žiadny žiadna žiadne nikto nikdy nečlen",
        "pronoun": "ja ty my vy ona ono oni kto",
        "yet": "ešte zatiaľ doposiaľ",
        "waiting": "čaká čakáme čakanie pristúpenie",
        "unknown": "neznámy neznáma nevieme neviem nevie vieme viem nejasné neisté možno neurčené možné možný"
        " nepotvrdené nepotvrdený nepotvrdená",
        "state": "pozastavený pozastavená pozastavené zrušený zrušená zrušené zamietnutý zamietnutá zamietnuté "
        "odmietnuté vypršalo neplatné netýka bývalý bývalá vylúčený vylúčená"
        " vystúpil vystúpila odišiel",
        "see": "pozri",
        "beside": "mimo ktorý",
        "standing": "kandidát pozorovateľ",
        "undecided": "schváliť",
    },
    "sl": {
        "negation": "ne ni niso nismo nisem nima nimamo brez noben nobena nobenega nihče nikoli nečlan",
        "pronoun": "jaz vi ona ono oni kdo kaj",
        "waiting": "čaka čakamo čakanje pristop",
        "unknown": "neznan neznano neznana vemo vem nejasno negotovo mogoče morda nepotrjeno nepotrjen nepotrjena",
        "state": "zavrnjen zavrnjena zavrnjeno preklican preklicana preklicano potekel poteklo suspendirano "
        "razveljavljeno bivši bivša nekdanji"
        " izstopil izstopila",
        "see": "glej",
        "beside": "izven",
        "standing": "kandidat kandidatka opazovalec",
        "undecided": "odobriti",
    },
    "sq": {
        "negation": "jo nuk asnjë askush asgjë kurrë mos",
        "pronoun": "unë ajo ata ato kush",
        "yet": "ende akoma",
        "waiting": "pritje presim",
        "unknown": "panjohur dimë dihet paqartë mundësisht ndoshta",
        "state": "refuzuar anuluar pezulluar skaduar larguar",
        "beside": "pa",
        "standing": "kandidat vëzhgues",
    },
    "sr": {
        "negation": "не није нису нисмо нисам нема немамо без ниједан ниједна нико ништа никад нечлан ne nije nisu "
        "nismo nisam nema nemamo bez nijedan nijedna niko ništa nikad nečlan ће",
        "pronoun": "ја ви она оно они ja vi ona ono oni",
        "yet": "још засад još zasad",
        "waiting": "чека чекамо чекање чекању čeka čekamo čekanje čekanju приступање pristupanje",
        "unknown": "непознато непознат непозната знам зна знамо нејасно несигурно nepoznato nepoznat nepoznata znam "
        "zna znamo nejasno nesigurno можда вероватно могуће možda verovatno moguće"
        " непотврђено непотврђен nepotvrđeno nepotvrđen",
        "state": "одбијен одбијено отказан отказано суспендован суспендовано поништен поништено истекао истекла "
        "истекло odbijen odbijeno otkazan otkazano suspendovan suspendovano poništen poništeno istekao istekla "
        "isteklo бивши бивша иступио иступила напустио искључен недостаје одбија bivši bivša istupio istupila "
        "napustio isključen nedostaje odbija"
        " напустила",
        "beside": "изван izvan која koja",
        "standing": "кандидат посматрач kandidat posmatrač",
        "undecided": "одобрити одобриће odobriti odobriće",
    },
    "sv": {
        "negation": "nej inte ej icke ingen inget inga ingenting aldrig utan",
        "pronoun": "jag vi han hon ni dem oss vem vad",
        "yet": "ännu",
        "waiting": "väntar vänta väntan anslutning",
        "unknown": "okänt okänd oklart osäker osäkert vet kanske möjligt möjligen obekräftat obekräftad",
        "state": "suspenderad utgången upphävd avslag avslagen avslaget avslått avvisad annullerad återkallad"
        " utträtt utträdde",
        "standing": "kandidat sökande observatör",
    },
    "tr": {
        "negation": "hayır değil yok hiç kimse",
        "pronoun": "siz onlar",
        "yet": "henüz",
        "waiting": "bekliyor bekliyoruz bekleniyor beklemede",
        "unknown": "bilinmiyor bilmiyoruz bilmiyorum bilinmeyen belirsiz belki mümkün muhtemelen",
        "state": "reddedildi onaylanmadı iptal askıda uygulanamaz muaf ayrıldı eksik reddetti reddediyor katılacak",
        "see": "bakınız",
        "beside": "eski hangi",
        "standing": "aday gözlemci",
        "undecided": "onaylayacak",
    },
    "uk": {
        "negation": "не ні немає нема без жоден жодна жодного ніхто ніщо ніколи нечлен",
        "pronoun": "я ти ми ви він вона воно вони хто",
        "yet": "ще поки",
        "waiting": "чекає чекаємо очікує очікуємо очікування очікується приєднання",
        "unknown": "невідомо невідомий знаємо знаю знає неясно можливо непідтверджено непідтверджений",
        "state": "відхилено відхилений відмова скасовано скасований призупинено призупинений анульовано анульований "
        "колишній колишня вийшов вийшла виключено виключений відсутній відсутня відсутнє відхиляє вступить "
        "приєднається",
        "see": "дивись",
        "beside": "поза який яка",
        "standing": "кандидат спостерігач",
        "undecided": "повинен повинна мусить затвердить погодить",
    },
}
SPREADSHEETS: Final = {  # TRUE and FALSE of LibreOffice
    **{"bg": "вярно невярно", "bs": "tacno netacno", "ca": "veritat fals", "cs": "pravda nepravda"},
    **{"da": "sand falsk", "de": "wahr falsch", "el": "σωστό λάθος", "en": "true false", "es": "verdadero falso"},
    **{"et": "tõene väär", "eu": "egiazkoa faltsua", "fi": "tosi epätosi", "fr": "vrai faux", "ga": "fíor falsa"},
    **{"gl": "verdadeiro falso", "hr": "točno netočno", "hu": "igaz hamis", "hy": "ճշմարիտ կեղծ", "is": "rétt rangt"},
    **{"it": "vero falso", "lb": "wouer falsch", "lt": "teisingai neteisingai", "lv": "patiess aplams"},
    **{"mk": "точно неточно", "mt": "veru falz", "nl": "waar onwaar", "pl": "prawda fałsz", "pt": "verdadeiro falso"},
    **{"ro": "adevărat fals", "ru": "истина ложь", "sk": "pravda nepravda", "sr": "тачно нетачно", "sv": "sant falskt"},
    **{"tr": "doğru yanlış", "uk": "істина брехня"},
}
OTHER_SPREADSHEETS: Final = {
    **{
        "el": "αληθές ψευδές",
        "hr": "istina laž",
        "is": "satt ósatt",
        "lt": "tiesa netiesa",
        "sl": "resnično neresnično",
    },
    **{"sr": "tačno netačno", "uk": "правда хибність"},
}


def table(stop_words: dict[str, list[str]]) -> str:
    """The whole file as text: a heading that says how it was made, then words by language, kind and source."""
    lines = [
        "# Words by which a remark is told from the name of a cluster: language (ISO 639-1), kind, source, words.",
        "# Kinds: negation; pronoun; yet, waiting and unknown, which say that something is open; state, such as",
        "# refused or former; see, a first word that says where to look; beside, which says no, outside or which",
        "# before a word for cluster or member; standing, who is no member yet; undecided, by which nobody has",
        "# approved yet; true and false, as spreadsheets write TRUE and FALSE. Words that are at home in names in some",
        "# language are left out.",
        "# Chosen by hand in scripts/make_remark_words.py. Source stopwords-iso: the word stands in Stopwords ISO for",
        "# its language, as the PyPI package stopwordsiso 0.7.1 has it (https://github.com/stopwords-iso, MIT);",
        "# libreoffice: trueWord and falseWord in the locale data of LibreOffice 7.4.7",
        "# (https://github.com/LibreOffice/core, i18npool/source/localedata/data); own: of this project.",
        "# Last checked 2026-11-28.",
    ]
    for language, kinds in CHOSEN.items():
        known = {fold(word) for word in stop_words.get(language, ())}
        for kind, words in kinds.items():
            by_source: dict[str, dict[str, None]] = {"stopwords-iso": {}, "own": {}}
            for word in words.split():
                by_source["stopwords-iso" if fold(word) in known else "own"][word] = None
            lines += [f"{language};{kind};{source};{' '.join(found)}" for source, found in by_source.items() if found]
        for source, spreadsheets in (("libreoffice", SPREADSHEETS), ("own", OTHER_SPREADSHEETS)):
            if language in spreadsheets:
                true, false = spreadsheets[language].split()
                lines += [f"{language};true;{source};{true}", f"{language};false;{source};{false}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make cxc/data/remark_words.csv again.")
    parser.add_argument("--sources", type=Path, help="a directory that keeps the download")
    with zipfile.ZipFile(io.BytesIO(fetched(STOPWORDS, parser.parse_args().sources))) as wheel:
        content = table(json.loads(wheel.read("stopwordsiso/stopwords-iso.json")))
    TARGET.write_text(content, encoding="utf-8", newline="\n")

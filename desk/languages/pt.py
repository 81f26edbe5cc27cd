"""Portuguese."""

from desk.languages.words import Words

WORDS = Words(
    days="de {first} a {last}",
    span="das {start} às {end}",
    moment="{day}, às {time}",
    time="HH:mm",
    day="EEEE, d 'de' MMMM",
    date="long",
    days_word="dias",
    numbers="dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze",
    number_words={"duas": 2, "ambos": 2, "vinte": 20, "trinta": 30, "sessenta": 60},
    named_times={"meio-dia": 12, "meia-noite": 0},
)

"""Portuguese. Folded: no accents."""

from bot.languages.phrases import table

WISHES = table(
    want="""quero, quero que, queria, gostaria de, preciso, preciso de, posso, poderia, prefiro, exijo, e possivel, como posso, deixe me, deixa me,
        me deixe, me deixa, por que nao posso, desejo""",
    getting="""passe me, me passe, me passa, me passe para, me passa para, passe me a, me ligue com, me conecte com, me conecta com,
        me transfira para, transfira me para, me coloque em contato com, me de, me da, me arruma, me arrume""",
    contact="falar, falar com, conversar com, conversar, contatar, tratar com, reclamar com, entrar em contato com, ligar para",
    call_me="me ligue, me liguem, me liga, pode me ligar, me atenda, me responda, me ajude pessoalmente, falar comigo, me atender",
    any="pessoa, alguem, ser humano",
    staff="""humano, humana, agente, atendente, operador, operadora, representante, funcionario, funcionaria, gerente, chefe, supervisor,
        supervisora, colega, atendimento humano, atendimento ao cliente, pessoa real, pessoa de verdade, responsavel""",
    some="ninguem, pessoas, qualquer pessoa, gente",
    real="real, de verdade, verdadeira, verdadeiro, de carne e osso, viva, outra, outro",
    bot="bot, robo, robos, maquina, maquinas, computador, assistente, chatbot",
    no="nao, nao quero, nao preciso, nao preciso de, ja nao, ja nao quero, sem, nunca, chega de, em vez de",
    drop="esqueca, cancele, cancelar, esperar por",
    duty="tenho de, tenho que, devo, e preciso, estou, e voce, voce e, se, quando",
    subject="eu, ele, ela, voce, eles, quem",
    there="ha, tem, existe",
    then="que, com quem, para, a quem, que me, com quem eu possa",
    knows="ajude, ajudar, atenda, atender, responda, falar, fale, entenda, me ajude, possa falar",
    about="sobre, por, do, da, de, em, a respeito de, para",
    mine="meu, minha",
    link="um, uma, o, a, os, as, com, de, do, da, algum, alguma, seu, sua, ao, por, em, mais",
    filler="""por favor, pfv, agora, ja, agora mesmo, imediatamente, urgente, rapido, so, somente, obrigado, obrigada, ola, oi, bom dia, ok, e, mas,
        merda, inutil, idiota, burro, da prefeitura, da cidade, do escritorio, sim""",
    alone="me transfira, chega de robos",
    spoken="pessoalmente, por pessoa",
    told="""falando com, falei com, quem e, voce e, e voce, vi""",
    more="e, mas, porque, ha, onde, quanto, quando, que, tenho, meu, isto",
)  # fmt: skip

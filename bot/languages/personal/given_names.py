"""Common given names, without accents: after "I am" they distinguish a name without capitals from "im tired".

All languages are combined, since a city has speakers of all of them. Names that are common words are excluded (Will,
Mark, Hope, Rose, Angel, Luz, Claire, Pierre): in lower case they prove nothing.
"""

from __future__ import annotations

from bot.languages.personal.words import words

GIVEN_NAMES = words("""
    aaron abdul abdullah abigail adam adela adele adrian adriana adrien agnes agustin ahmed aicha aisha alain alan alba albert alberto
    alejandra alejandro alex alexander alexandra alexandre alexis alfredo ali alice alicia aline alison alvaro amanda amelia amelie amina
    amir amy ana anais andre andrea andreas andres andrew angela angelica anita ann anna anne annie anthony antoine antonia antonio
    arnaud arthur arturo ashley audrey aurelie axel barbara beatriz ben benjamin benoit bernard beth betty brandon brenda brian bruno
    camila camille carl carla carlos carmen carol carolina caroline catalina catherine cathy cecile cecilia cesar chantal charles charlotte
    chen chloe chris christelle christian christina christine christophe christopher cindy claudia claudine claudio clement
    colette corinne cristian cristina cynthia damien dan daniel daniela daniele danielle david deborah debra delphine denise dennis diana
    diane didier diego dominique donald donna dorothy dylan eduardo edward edwin elena eleonore eliane elias elisa elise elizabeth ellen
    elodie emiliano emilie emilio emily emma emmanuel enrique eric erica ernesto esteban esther ethan etienne eugenio eva evelyn
    fabien fabienne fabiola farid fatima fatou federico felipe felix fernanda fernando florian florence francesca francis francisca francisco
    franck francois francoise fred frederic gabriel gabriela gabrielle gael gary georges gerald gerard gerardo german gilles gina
    giovanni gisele gladys gloria gonzalo gregory guadalupe guillaume guillermo gustavo hamza hannah harold hassan heather hector helen helene
    henri henry hernan hugo ibrahim ignacio ines irene isaac isabel isabella isabelle ismael ivan jacob jacqueline jacques jaime james jamal
    jane janet janice jasmine javier jean jeanne jeff jeffrey jennifer jenny jeremy jerome jesse jessica jim jimena joan joanna joaquin joel
    john jonathan jorge jose josefina joseph josephine joshua juan juana judith judy julia julian juliana julie julien juliette julio karen
    karim karin karine karl kate katherine kathleen kathy katie kayla keith kelly ken kenneth kevin khadija kim kimberly larry laura laurence
    laurent lea leila leo leon leonardo leticia liam lilian liliana lina linda lisa loic lorena lorenzo louis louise lourdes luc luca lucas
    lucia lucie lucien luis luisa madeleine magali mamadou manon manuel manuela marc marcel marcela marcelo marcos margaret margarita maria
    mariana marianne mariano marie marilyn marina mario marion marisol marta martha martin martine mary mateo mathieu mathilde matias
    matthew matthieu maurice mauricio maxime megan mehdi melanie melissa mercedes mia michael michel michele michelle miguel mireille mohamed
    mohammed moises monica monique moussa muhammad nabil nadia nadine nancy natalia natalie nathalie nathan nelson nicholas nick nicolas
    nicole noah noe noemie nora norma olga olivia olivier omar oscar pablo pamela paola pascal patricia patrick paul paula pauline pedro peter
    philip philippe priya quentin rachel rafael ralph ramon raquel raul raymond rebecca regina renata ricardo richard rita robert roberto
    rodrigo roger roland romain ronald rosario roxane ruben ruth ryan sabrina sally salma salvador sam samantha samia samir samuel sandra
    sandrine santiago sara sarah scott sean sebastian sebastien sergio sharon shirley silvia simon simone sofia solange sonia sophia sophie
    stephane stephanie stephen steve steven susan susana sylvain sylvie tania tatiana teresa thierry thomas tim timothy tom tomas tony
    tyler valentina valerie vanessa veronica veronique vicente victor victoria vincent virginia virginie vivian walter wei wendy william
    ximena xavier yasmine yolanda youssef yvan yves yvette yvonne zachary zoe
""")

"""What is asked in a mail, held against the page on which it is answered."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import translation

from omtanke.engine.survey_policy import QUESTIONS
from omtanke.messages.asking import asking, ends_of
from omtanke.vocabulary.survey import ABOUT
from omtanke.web.survey import words as page


@pytest.mark.parametrize("language", ["sv", "en"])
def test_question_in_a_mail_has_the_words_of_the_page(here: object, language: str) -> None:
    with translation.override(language):
        for question, about in product(QUESTIONS, ("", *ABOUT)):
            assert asking(question, about, "Butiken", language) == page.asking(question, about, "Butiken")
            assert ends_of(question, language) == page.ends_of(question)

"""A question that was not answered, in a group of its own."""

from desk.knowledge.pages.vectors import signs_of
from desk.model import Conversation
from desk.store.dialogue import messages
from desk.store.knowledge import unanswered
from desk.store.pool import Store
from tests.support.embedding import vector_of


async def add_unanswered(store: Store, conversation: Conversation, text: str) -> int:
    """The group of this question, asked in this conversation."""
    async with store.transaction() as transaction:
        message = await messages.add_message(
            transaction, conversation, messages.NewRow("contact", text, conversation.language)
        )
        await transaction.execute(
            """INSERT INTO unanswered_questions (message_id, conversation_id, contact_id, asked_at, language, reason)
               VALUES ($1, $2, $3, now(), $4, 'no_answer')""",
            message.id, conversation.id, conversation.contact_id, conversation.language,
        )  # fmt: skip
        vector = vector_of(text)
        group = await unanswered.add_group(transaction, vector, signs_of(vector))
        await unanswered.set_group(transaction, message.id, group)
    return group

import type { Chat } from "./chat";
import type { Message } from "./contract";

/** The author of a message, as a word or a name. */
export function authorName(message: Message, chat: Chat): string {
  if (message.author === "contact") return chat.t.you;
  if (message.author === "agent") return message.agent_name ?? chat.t.agent;
  if (message.author === "bot") return chat.t.bot;
  return chat.config.city === "" ? chat.t.system : chat.config.city;
}

"""Meta's platforms: Messenger and Instagram, and the Graph API that WhatsApp uses too."""

"""Everything that changes Rasa's own behaviour. Nothing outside this package reaches into Rasa's internals."""

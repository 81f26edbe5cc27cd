"""Everything that changes Rasa's own behaviour. No other package touches Rasa's internals."""

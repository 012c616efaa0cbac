"""The decision chain: the people of a customer by buyer role."""

from keyaccount.program.decision_chain.chain import decision_chain
from keyaccount.program.decision_chain.people import ChainPeople
from keyaccount.program.decision_chain.result import DecisionChain
from keyaccount.program.decision_chain.roles import buyer_roles, roles_of

__all__ = ["ChainPeople", "DecisionChain", "buyer_roles", "decision_chain", "roles_of"]

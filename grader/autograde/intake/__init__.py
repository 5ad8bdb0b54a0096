"""What a learning management system hands over: archives, file names with ids in them, and rosters.

Everything here reads names and bytes that students had a part in, and trusts none of it.
"""

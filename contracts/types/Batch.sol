// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What an operator posts. Calldata only, ordered for reading.
struct Posting {
    /// Slot of the operator's ring that the batch goes to.
    uint32 index;
    /// Root of the tree of the receipts' ids; zero if there are none.
    bytes32 root;
    /// Receipts under `root`.
    uint64 count;
    /// keccak256 of the bytes at `uri`.
    bytes32 dataHash;
    /// Where the batch's data is.
    string uri;
}

/// @notice One payer's part of a batch. Calldata only; all words static, so that many stay cheap.
struct Collection {
    address payer;
    /// Receipt up to which the channel is collected.
    uint64 sequence;
    /// `cumulativeFee` of that receipt.
    uint128 cumulativeFee;
    /// Cap of the payer's voucher.
    uint128 cap;
    /// Zero if the payer's key signed the voucher; else one more than the place of its `Authority`.
    uint16 authority;
    /// ERC-2098 signature of the voucher.
    bytes32 r;
    bytes32 vs;
}

/// @notice How a payer consents to a voucher that its own key did not sign. Calldata only.
struct Authority {
    /// Session key that signed the voucher; zero if the payer is a contract that did.
    address key;
    /// `operator`, `cap` and `expiry` of the session key.
    address operator;
    uint128 cap;
    uint64 expiry;
    /// The payer's signature of the session key, or of the voucher if there is none.
    bytes signature;
}

/// @notice What became of a collection. Everything but `Collected` left the tab as it was.
enum CollectionStatus {
    Collected,
    /// The payer, or its session key, did not sign the voucher.
    NotSigned,
    /// The session key is for another operator, has expired, or may not spend as much.
    SessionRefused,
    /// `cumulativeFee` exceeds the voucher's cap.
    CapExceeded,
    /// `cumulativeFee` was collected before.
    NothingDue,
    /// The tab holds less.
    TabShort,
    /// The tab's thawing ended.
    TabEnded
}

/// @notice A settled batch: the preimage of the digest that the ledger keeps. Calldata and memory only.
struct Batch {
    address operator;
    /// Slot of the operator's ring that it is in.
    uint32 index;
    /// How many batches the operator settled before.
    uint64 number;
    bytes32 root;
    uint64 count;
    /// keccak256 of its outcomes (docs/protocol/receipts.md).
    bytes32 outcomesHash;
    /// Tokens that wait for the operator.
    uint128 amount;
    /// Stake reserved against it.
    uint128 reserved;
    /// Unix time in seconds.
    uint64 settledAt;
}

using BatchLib for Batch global;

/// @title BatchLib
/// @notice Hash under which a batch is kept in its slot.
library BatchLib {
    function hash(Batch memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(self));
    }
}

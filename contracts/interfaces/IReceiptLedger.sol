// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Authority, Batch, Collection, Posting} from "../types/Batch.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {LedgerTerms} from "../types/LedgerTerms.sol";
import {Receipt, ReceiptId, SignedReceipt} from "../types/Receipt.sol";
import {SessionKey, TabOrder, Voucher} from "../types/Voucher.sol";
import {IClaimSource} from "./IClaimSource.sol";
import {IEscrow} from "./IEscrow.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IOperatorStaking} from "./IOperatorStaking.sol";
import {IStakeSource} from "./IStakeSource.sol";

/// @notice What a payer set aside for an operator.
struct TabState {
    /// Sums over the channel's life, in token units; their difference is in the tab.
    uint128 funded;
    uint128 spent;
    /// Unix time in seconds from which the tab can be closed and not collected; zero if it does not thaw.
    uint64 thawedAt;
    /// How often it was closed.
    uint24 epoch;
}

/// @notice An operator in the ledger.
struct PledgeState {
    /// Stake that the operator promised not to take back, in token units.
    uint128 pledged;
    /// The part of it that batches hold until they are released.
    uint128 reserved;
    /// Batches settled so far.
    uint64 batches;
}

/// @notice What the ledger keeps of a disputed receipt.
struct DisputeState {
    bool equivocated;
    bool omitted;
    bool refuted;
    bool refunded;
    uint256 openChallenges;
    /// Who demands that it be opened; zero for nobody.
    address demander;
    /// Unix time in seconds before which it must be opened.
    uint64 deadline;
}

/// @title IReceiptLedger
/// @notice Settles off-chain receipts: many answers, one signature a payer, one root a batch.
/// @dev Has no owner, no pause and no parameter that can change. A channel is a payer with an operator. All hashes that are
/// signed are EIP-712 digests in the domain ("Assay ReceiptLedger", "1", chain, ledger). See docs/protocol/receipts.md.
interface IReceiptLedger is IClaimSource, IStakeSource {
    /* EVENTS */

    event TermsSet(LedgerTerms terms);
    event SignerSet(address indexed operator, address indexed signer, uint64 until);
    event StakePledged(address indexed operator, uint256 pledged);
    event TabFunded(address indexed payer, address indexed operator, uint256 amount, uint256 funded);
    event TabThawed(address indexed payer, address indexed operator, uint64 thawedAt);
    event TabClosed(address indexed payer, address indexed operator, uint256 returned, uint24 epoch);
    /// @notice `operator` settled a batch. `number` holds its time and slot, `outcomes` are two words a collection and hold
    /// what was collected (docs/protocol/receipts.md).
    event BatchSettled(
        address indexed operator,
        uint64 indexed number,
        bytes32 root,
        uint64 count,
        bytes32 dataHash,
        uint256[] outcomes
    );
    event BatchReleased(address indexed operator, uint64 indexed number, address to, uint128 amount);
    event EquivocationProven(
        address indexed operator,
        address indexed payer,
        uint64 sequence,
        ReceiptId first,
        ReceiptId second,
        address refuter,
        uint256 slashed
    );
    event OverchargeProven(
        ReceiptId indexed id,
        address indexed operator,
        uint64 number,
        uint128 excess,
        address refuter,
        uint256 slashed
    );
    event ReceiptDemanded(ReceiptId indexed id, address indexed operator, address demander, uint64 deadline);
    event ReceiptOpened(ReceiptId indexed id, address indexed operator, uint64 number, uint64 leaf);
    event OmissionProven(ReceiptId indexed id, address indexed operator, address demander, uint256 slashed);
    /// @notice `amount` of the outcome `outcome` of a pending batch went back to `payer`'s free balance in the escrow.
    event ReceiptRefunded(
        ReceiptId indexed id,
        address indexed payer,
        address indexed operator,
        uint64 number,
        uint256 outcome,
        uint128 amount
    );
    event ClaimSuspended(ReceiptId indexed id, uint256 openChallenges);
    event ClaimResumed(ReceiptId indexed id, uint256 openChallenges, uint64 finalAt);
    event ClaimRefuted(
        ReceiptId indexed id,
        address indexed operator,
        address verifier,
        address refuter,
        uint256 slashed
    );

    /* ERRORS */

    error ZeroAddress();
    error ParameterOutOfRange(string name, uint256 given, uint256 min, uint256 max);
    error DelayTooShort(string name, uint256 given, uint256 needed);
    error NotOperator(address caller, address operator);
    error NotSigned(address account, bytes32 digest);
    error NotSigner(address operator, address signer);
    error InsufficientStake(address operator, uint256 active, uint256 needed);
    error InsufficientPledge(address operator, uint256 pledged, uint256 needed);

    error EpochMismatch(uint24 given, uint24 current);
    error NothingToFund(uint256 total, uint256 funded);
    error NothingInTab(address payer, address operator);
    error AlreadyThawing(address payer, address operator, uint64 thawedAt);
    error NotThawed(address payer, address operator, uint64 thawedAt, uint64 timestamp);

    error RootMismatch(bytes32 root, uint64 count);
    error SlotBusy(uint24 index, bool released, uint64 freeAt, uint64 timestamp);
    error BatchMismatch(address operator, uint64 number);
    error AlreadyReleased(address operator, uint64 number);
    error NotReleasable(address operator, uint64 number, uint64 releaseAt, uint64 timestamp);

    error ReceiptNotSigned(ReceiptId id, address signer);
    error ReceiptNotIssued(ReceiptId id, uint64 issuedAt, uint64 timestamp);
    error LiabilityEnded(ReceiptId id, uint64 endedAt, uint64 timestamp);
    error DifferentChannels(ReceiptId first, ReceiptId second);
    error SameReceipt(ReceiptId id);
    error AlreadyProven(ReceiptId id);
    error OutcomesMismatch(bytes32 given, bytes32 expected);
    error OutcomeNotCollected(uint256 outcome);
    error OutcomeOfAnother(uint256 outcome, ReceiptId id);
    error NotOvercharged(ReceiptId id, uint128 collected, uint128 cumulativeFee);
    error DemandTooEarly(ReceiptId id, uint64 demandableAt, uint64 timestamp);
    error AlreadyDemanded(ReceiptId id, uint64 deadline);
    error NotDemanded(ReceiptId id);
    error DeadlinePassed(ReceiptId id, uint64 deadline, uint64 timestamp);
    error DeadlineNotPassed(ReceiptId id, uint64 deadline, uint64 timestamp);
    error PathMismatch(bytes32 computed, bytes32 root);
    error LeafOutOfRange(uint64 leaf, uint64 count);
    error NotWrong(ReceiptId id);
    error AlreadyRefunded(ReceiptId id);
    error RefundShort(ReceiptId id, uint128 left, uint128 fee);
    error ClaimMismatch(bytes32 given, bytes32 expected);
    error ClaimFinal(ReceiptId id, uint64 finalAt, uint64 timestamp);
    error ClaimNotRefuted(ReceiptId id);
    error VerifierNotAccepted(ModelVersionId model, address verifier);
    error NothingSuspended(ReceiptId id);
    error TooManyChallenges(ReceiptId id, uint256 max);

    /* PARAMETERS */

    function ESCROW() external view returns (IEscrow);
    function STAKING() external view returns (IOperatorStaking);
    function REGISTRY() external view returns (IModelRegistry);
    function terms() external view returns (LedgerTerms memory);

    /* OPERATORS */

    /// @notice Lets `signer` sign receipts and settle for the caller, or ends that.
    /// @dev Whoever is revoked still binds the operator by receipts issued within `signerDelay`, so nobody escapes what it signed.
    function setSigner(address signer, bool active) external;

    /// @notice Promises `total` of the caller's stake to the ledger instead of what it promised before.
    /// @dev The stake is what the operator allocated to this ledger for the model zero, which stands for all models.
    function pledge(uint256 total) external;

    /* TABS */

    /// @notice Funds a tab from the payer's balance in the escrow. Anybody who has the payer's `signature` may submit; the
    /// payer itself needs none.
    function fund(TabOrder calldata order, bytes calldata signature) external;

    /// @notice Starts to thaw the caller's tab with `operator`. Vouchers stay collectable until that ends.
    function thaw(address operator) external;

    /// @notice Returns what is in a thawed tab to the payer's balance in the escrow. Anybody may call.
    function close(address payer, address operator) external;

    /* BATCHES */

    /// @notice Posts a batch of receipts and collects from tabs. A collection that cannot be made is reported in the outcomes
    /// and stops no other. Only the operator or a signer of it.
    /// @return number Number of the batch, which no other of the operator has.
    function settle(
        address operator,
        Posting calldata posting,
        Collection[] calldata collections,
        Authority[] calldata authorities
    ) external returns (uint64 number);

    /// @notice Pays a batch to its operator once its window has passed. Anybody may call.
    function release(Batch calldata batch) external;

    /* PENALTIES */

    /// @notice Slashes whoever signed two receipts for one place in a channel.
    function proveEquivocation(SignedReceipt calldata first, SignedReceipt calldata second) external;

    /// @notice Slashes whoever collected more at a place in a channel than its receipt there says, and refunds the difference.
    function proveOvercharge(
        SignedReceipt calldata signed,
        Batch calldata batch,
        uint256[] calldata outcomes,
        uint256 outcome
    ) external;

    /// @notice Demands that the operator open a receipt that is past the horizon, against a bond out of the caller's balance.
    function demand(SignedReceipt calldata signed) external;

    /// @notice Shows a demanded receipt in a batch: the operator earns the bond. Anybody may call.
    function open(Receipt calldata receipt, Batch calldata batch, uint64 leaf, bytes32[] calldata path) external;

    /// @notice Slashes an operator that did not open a demanded receipt in time. Anybody may call; the demander is rewarded.
    function proveOmission(Receipt calldata receipt) external;

    /// @notice Refunds the fee of a receipt that a penalty struck, from what a pending batch collected in its channel, at that
    /// receipt or later. Anybody may call, but only the payer where less is left than the fee.
    function refund(
        Receipt calldata receipt,
        Batch calldata batch,
        uint256[] calldata outcomes,
        uint256 outcome
    ) external;

    /* VIEWS */

    function receiptId(Receipt calldata receipt) external view returns (ReceiptId);
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32);
    function sessionDigest(SessionKey calldata session) external view returns (bytes32);
    function orderDigest(TabOrder calldata order) external view returns (bytes32);
    /// @notice EIP-712 digest of `claim` in the ledger's domain.
    function claimDigest(Claim calldata claim) external view returns (bytes32);
    function tabOf(address payer, address operator) external view returns (TabState memory);
    function pledgeOf(address operator) external view returns (PledgeState memory);
    /// @notice Unix time in seconds before which receipts must be issued that `signer` signs for `operator`; zero for none.
    function signerUntil(address operator, address signer) external view returns (uint64);
    function disputeOf(ReceiptId id) external view returns (DisputeState memory);
    /// @notice Whether `batch` is the one in its slot, and whether it was released.
    function batchStatus(Batch calldata batch) external view returns (bool known, bool released);
    /// @notice What `operator` loses per penalty on a receipt of `fee`, if it has as much.
    function penaltyOf(uint256 fee) external view returns (uint256);
}

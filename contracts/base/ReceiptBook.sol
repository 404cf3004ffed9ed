// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IEscrow} from "../interfaces/IEscrow.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOperatorStaking} from "../interfaces/IOperatorStaking.sol";
import {DisputeState, IReceiptLedger, PledgeState, TabState} from "../interfaces/IReceiptLedger.sol";
import {IStakeSource} from "../interfaces/IStakeSource.sol";
import {BatchSlot} from "../libraries/BatchSlot.sol";
import {Pledge} from "../libraries/Pledge.sol";
import {ReceiptSlot, ReceiptSlotLib} from "../libraries/ReceiptSlot.sol";
import {Tab} from "../libraries/Tab.sol";
import {Batch} from "../types/Batch.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {LedgerTerms} from "../types/LedgerTerms.sol";
import {Receipt, ReceiptId, SignedReceipt} from "../types/Receipt.sol";
import {SessionKey, TabOrder, Voucher} from "../types/Voucher.sol";

/// @title ReceiptBook
/// @notice What the ledger keeps, and how it is read.
abstract contract ReceiptBook is IReceiptLedger, EIP712 {
    /* CONSTANTS */

    uint256 internal constant PPM = 1_000_000;
    uint256 internal constant MAX_STAKE_RATIO_PPM = 1000 * PPM;
    /// @dev Stands for all models: receipts of every model are backed by one pledge.
    ModelVersionId internal constant ALL_MODELS = ModelVersionId.wrap(0);

    /* IMMUTABLES */

    /// @inheritdoc IReceiptLedger
    IEscrow public immutable ESCROW;
    /// @inheritdoc IReceiptLedger
    IOperatorStaking public immutable STAKING;
    /// @inheritdoc IReceiptLedger
    IModelRegistry public immutable REGISTRY;

    uint256 internal immutable STAKE_RATIO_PPM;
    uint256 internal immutable STAKE_FLOOR;
    uint256 internal immutable DEMAND_BOND;
    uint256 internal immutable RELEASE_WINDOW;
    uint256 internal immutable HORIZON;
    uint256 internal immutable DEMAND_WINDOW;
    uint256 internal immutable RESPONSE_WINDOW;
    uint256 internal immutable CHALLENGE_WINDOW;
    uint256 internal immutable TAB_THAW;
    uint256 internal immutable SIGNER_DELAY;

    /* STORAGE */

    /// @dev Structs, so that what is read and then written is looked up once.
    struct Channel {
        Tab tab;
    }
    struct Place {
        BatchSlot slot;
    }
    /// @dev What the ledger keeps of an operator.
    struct Book {
        Pledge pledge;
        mapping(address payer => Channel) channels;
        mapping(uint256 index => Place) ring;
        mapping(address signer => uint64) signerUntil;
    }

    mapping(address operator => Book) internal _books;
    mapping(ReceiptId id => ReceiptSlot) internal _disputes;

    /* CONSTRUCTOR */

    constructor(
        IEscrow escrow,
        IOperatorStaking staking,
        IModelRegistry registry,
        LedgerTerms memory terms_
    ) EIP712("Assay ReceiptLedger", "1") {
        require(address(escrow) != address(0), ZeroAddress());
        require(address(staking) != address(0), ZeroAddress());
        require(address(registry) != address(0), ZeroAddress());
        // At least the amount itself, so that what can be paid can always be slashed.
        _requireInRange("stakeRatioPpm", terms_.stakeRatioPpm, PPM, MAX_STAKE_RATIO_PPM);
        _requireInRange("stakeFloor", terms_.stakeFloor, 0, type(uint96).max);
        _requireInRange("demandBond", terms_.demandBond, 0, type(uint96).max);
        _requireInRange("releaseWindow", terms_.releaseWindow, 1, type(uint32).max);
        _requireInRange("responseWindow", terms_.responseWindow, 1, type(uint32).max);
        _requireInRange("tabThaw", terms_.tabThaw, 1, type(uint32).max);
        uint256 liability = uint256(terms_.horizon) + terms_.demandWindow;
        _requireInRange("challengeWindow", terms_.challengeWindow, 1, liability);
        uint256 longest = liability + terms_.responseWindow;
        uint64 thawDelay = staking.THAW_DELAY();
        require(thawDelay >= longest, DelayTooShort("THAW_DELAY", thawDelay, longest));

        (ESCROW, STAKING, REGISTRY) = (escrow, staking, registry);
        (STAKE_RATIO_PPM, STAKE_FLOOR) = (terms_.stakeRatioPpm, terms_.stakeFloor);
        (DEMAND_BOND, RELEASE_WINDOW) = (terms_.demandBond, terms_.releaseWindow);
        (HORIZON, DEMAND_WINDOW) = (terms_.horizon, terms_.demandWindow);
        (RESPONSE_WINDOW, CHALLENGE_WINDOW) = (terms_.responseWindow, terms_.challengeWindow);
        (TAB_THAW, SIGNER_DELAY) = (terms_.tabThaw, terms_.signerDelay);
        emit TermsSet(terms_);
    }

    /* VIEWS */

    /// @inheritdoc IReceiptLedger
    function terms() external view returns (LedgerTerms memory) {
        return
            LedgerTerms({
                stakeRatioPpm: uint32(STAKE_RATIO_PPM),
                stakeFloor: uint128(STAKE_FLOOR),
                demandBond: uint128(DEMAND_BOND),
                releaseWindow: uint32(RELEASE_WINDOW),
                horizon: uint32(HORIZON),
                demandWindow: uint32(DEMAND_WINDOW),
                responseWindow: uint32(RESPONSE_WINDOW),
                challengeWindow: uint32(CHALLENGE_WINDOW),
                tabThaw: uint32(TAB_THAW),
                signerDelay: uint32(SIGNER_DELAY)
            });
    }

    /// @inheritdoc IReceiptLedger
    function receiptId(Receipt calldata receipt) external view returns (ReceiptId) {
        return _idOf(receipt);
    }

    /// @inheritdoc IReceiptLedger
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32) {
        return _hashTypedDataV4(voucher.hash());
    }

    /// @inheritdoc IReceiptLedger
    function sessionDigest(SessionKey calldata session) external view returns (bytes32) {
        return _hashTypedDataV4(session.hash());
    }

    /// @inheritdoc IReceiptLedger
    function orderDigest(TabOrder calldata order) external view returns (bytes32) {
        return _hashTypedDataV4(order.hash());
    }

    /// @inheritdoc IReceiptLedger
    function claimDigest(Claim calldata claim) external view returns (bytes32) {
        return _hashTypedDataV4(claim.hash());
    }

    /// @inheritdoc IReceiptLedger
    function tabOf(address payer, address operator) external view returns (TabState memory) {
        Tab tab = _books[operator].channels[payer].tab;
        return TabState(uint128(tab.funded()), uint128(tab.spent()), tab.thawedAt(), tab.epoch());
    }

    /// @inheritdoc IReceiptLedger
    function pledgeOf(address operator) external view returns (PledgeState memory) {
        Pledge state = _books[operator].pledge;
        return PledgeState(uint128(state.pledged()), uint128(state.reserved()), state.batches());
    }

    /// @inheritdoc IReceiptLedger
    function signerUntil(address operator, address signer) public view returns (uint64) {
        return _books[operator].signerUntil[signer];
    }

    /// @inheritdoc IReceiptLedger
    function disputeOf(ReceiptId id) external view returns (DisputeState memory) {
        ReceiptSlot slot = _disputes[id];
        return
            DisputeState({
                equivocated: slot.has(ReceiptSlotLib.EQUIVOCATED),
                omitted: slot.has(ReceiptSlotLib.OMITTED),
                refuted: slot.has(ReceiptSlotLib.REFUTED),
                refunded: slot.has(ReceiptSlotLib.REFUNDED),
                openChallenges: slot.openChallenges(),
                demander: slot.demander(),
                deadline: slot.deadline()
            });
    }

    /// @inheritdoc IReceiptLedger
    function batchStatus(Batch calldata batch) external view returns (bool known, bool released) {
        BatchSlot slot = _books[batch.operator].ring[batch.index()].slot;
        known = !slot.isEmpty() && slot.holds(batch.hash());
        released = known && slot.isReleased();
    }

    /// @inheritdoc IReceiptLedger
    function penaltyOf(uint256 fee) public view returns (uint256) {
        uint256 penalty = (fee * STAKE_RATIO_PPM) / PPM;
        return penalty > STAKE_FLOOR ? penalty : STAKE_FLOOR;
    }

    /// @inheritdoc IStakeSource
    function reservedOf(ModelVersionId model, address operator) external view returns (uint256) {
        return ModelVersionId.unwrap(model) == 0 ? _books[operator].pledge.pledged() : 0;
    }

    /* INTERNAL */

    function _idOf(Receipt calldata receipt) internal view returns (ReceiptId) {
        return ReceiptId.wrap(_hashTypedDataV4(receipt.hash()));
    }

    /// @dev The id of a receipt that binds its operator.
    function _bindingId(SignedReceipt calldata signed) internal view returns (ReceiptId) {
        return _bindingIdOf(signed.receipt, signed.signature);
    }

    /// @dev The same for a receipt in memory.
    function _bindingIdOf(Receipt memory receipt, bytes memory signature) internal view returns (ReceiptId id) {
        id = ReceiptId.wrap(_hashTypedDataV4(receipt.hash()));
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(ReceiptId.unwrap(id), signature);
        bool binds =
            failure == ECDSA.RecoverError.NoError &&
                (signer == receipt.operator || receipt.issuedAt < signerUntil(receipt.operator, signer));
        require(binds, ReceiptNotSigned(id, signer));
        require(receipt.issuedAt <= block.timestamp, ReceiptNotIssued(id, receipt.issuedAt, _timestamp()));
    }

    /// @dev The slot of a batch, checked to hold `batch`.
    function _slotOf(Batch calldata batch) internal view returns (BatchSlot slot) {
        slot = _books[batch.operator].ring[batch.index()].slot;
        require(!slot.isEmpty() && slot.holds(batch.hash()), BatchMismatch(batch.operator, batch.number));
    }

    /// @dev Takes what there is of the stake that a penalty on `amount` costs.
    function _slash(
        address operator,
        uint256 amount,
        address refuter,
        ReceiptId reason
    ) internal returns (uint256 slashed) {
        slashed = STAKING.slash(ALL_MODELS, operator, penaltyOf(amount), refuter, ReceiptId.unwrap(reason));
        Pledge state = _books[operator].pledge;
        uint256 pledged = state.pledged();
        _books[operator].pledge = state.pledge(pledged > slashed ? pledged - slashed : 0);
    }

    /// @dev Stake that a batch reserves in which `amount` waits.
    function _reservation(uint256 amount) internal view returns (uint256 reserved) {
        if (amount == 0) return 0;
        // Tabs hold less than 2^96 each, the ratio is less than 2^30.
        unchecked {
            reserved = (amount * STAKE_RATIO_PPM) / PPM;
        }
        if (reserved < STAKE_FLOOR) reserved = STAKE_FLOOR;
    }

    function _requireInRange(string memory name, uint256 given, uint256 min, uint256 max) internal pure {
        require(min <= given && given <= max, ParameterOutOfRange(name, given, min, max));
    }

    function _timestamp() internal view returns (uint64) {
        return uint64(block.timestamp);
    }
}
